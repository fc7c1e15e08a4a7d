//go:build image

package sdktest

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestImage does what the Dockerfile says, command by command, with the toolchain of
// this machine in place of the base image: stages become directories. Then it starts
// what is in the image, as its user, with its directory as the root if the machine
// allows that.
func TestImage(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	stages, err := readDockerfile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	if len(stages) != 2 || stages[1].from != "scratch" {
		t.Fatalf("want a stage that builds and one from scratch: %+v", stages)
	}
	context := contextOf(t, root)
	t.Run("toolchain", func(t *testing.T) { checkToolchain(t, root, stages[0].from) })

	dirs := map[string]string{}
	for _, s := range stages {
		dirs[s.name] = t.TempDir()
		for _, step := range s.steps {
			if step.run != "" {
				run(t, dirs[s.name], step)
				continue
			}
			from := context
			if step.from != "" {
				from = dirs[step.from]
			}
			copyStep(t, from, dirs[s.name], step)
		}
	}
	image, rootfs := stages[1], dirs[stages[1].name]
	t.Run("settings", func(t *testing.T) { checkSettings(t, image) })
	t.Run("files", func(t *testing.T) { checkFiles(t, rootfs) })
	t.Run("start", func(t *testing.T) { checkStart(t, image, rootfs) })
}

// contextOf copies what Docker would be sent: the tree without what .dockerignore
// names. Whatever else lies about in a working copy is sent too, as Docker does it.
func contextOf(t *testing.T, root string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	patterns := strings.Fields(string(text))
	ignored := func(rel string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool {
			name, anywhere := strings.CutPrefix(p, "**/")
			if anywhere {
				ok, _ := path.Match(name, path.Base(rel)) // the patterns are ours
				return ok
			}
			ok, _ := path.Match(p, rel)
			return ok
		})
	}
	to := t.TempDir()
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		switch {
		case err != nil:
			return err
		case rel == ".":
			return nil
		case ignored(filepath.ToSlash(rel)) && d.IsDir():
			return fs.SkipDir
		case ignored(filepath.ToSlash(rel)):
			return nil
		case d.IsDir():
			return os.Mkdir(filepath.Join(to, rel), 0o755)
		case d.Type().IsRegular():
			return copyFile(p, filepath.Join(to, rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{".git", ".cache", "bin", "dist"} {
		if _, err := os.Stat(filepath.Join(to, secret)); err == nil {
			t.Errorf("%s would be sent to Docker", secret)
		}
	}
	return to
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	st, err := os.Stat(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, st.Mode().Perm())
}

// checkToolchain compares the base image with the version that go.mod asks for.
func checkToolchain(t *testing.T, root, image string) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	if want == nil || !strings.HasPrefix(image, "golang:"+string(want[1])+"-") {
		t.Errorf("the base image is %s, go.mod asks for Go %s", image, want)
	}
}

// run runs a RUN in the stage's directory. A command that reached out of its WORKDIR
// would not find there what it finds in Docker, and fail.
func run(t *testing.T, dir string, s step) {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", s.run)
	cmd.Dir = filepath.Join(dir, s.dir)
	cmd.Env = os.Environ()
	for name, value := range s.args {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	// make's own variables would come along from the make that runs this test.
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool { return strings.HasPrefix(v, "MAKE") || strings.HasPrefix(v, "MFLAGS") })
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("RUN %s: %v\n%s", s.run, err, out)
	}
}

// copyStep does a COPY: a directory's content, or files, with the owner if we may.
func copyStep(t *testing.T, from, to string, s step) {
	t.Helper()
	dst := s.dst
	if !path.IsAbs(dst) {
		dst = path.Join(s.dir, dst) + strings.Repeat("/", strings.Count(dst, "./")) // "./" stays a directory
	}
	for _, src := range s.src {
		source := filepath.Join(from, src)
		st, err := os.Stat(source)
		if err != nil {
			t.Fatalf("COPY %s: %v", src, err)
		}
		target := filepath.Join(to, dst)
		if st.IsDir() {
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("cp", "-R", source+"/.", target).CombinedOutput(); err != nil {
				t.Fatalf("COPY %s: %v\n%s", src, err, out)
			}
			if err := os.Chmod(target, st.Mode().Perm()); err != nil {
				t.Fatal(err)
			}
		} else {
			if strings.HasSuffix(dst, "/") {
				target = filepath.Join(target, filepath.Base(src))
			}
			if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := copyFile(source, target); err != nil {
				t.Fatal(err)
			}
		}
		if s.chown != "" && os.Getuid() == 0 {
			if out, err := exec.Command("chown", "-R", s.chown, target).CombinedOutput(); err != nil {
				t.Fatalf("chown: %v\n%s", err, out)
			}
		}
	}
}

func checkSettings(t *testing.T, s stage) {
	if s.user != "65532:65532" {
		t.Errorf("USER %q: want a number that is not root's", s.user)
	}
	if !slices.Equal(s.entrypoint, []string{"/tollgate"}) || len(s.cmd) == 0 || s.cmd[0] != "serve" {
		t.Errorf("ENTRYPOINT %q CMD %q", s.entrypoint, s.cmd)
	}
	if s.expose != "4000" || s.volume != "/data" || len(s.health) == 0 {
		t.Errorf("EXPOSE %q VOLUME %q HEALTHCHECK %q", s.expose, s.volume, s.health)
	}
	if !slices.Contains(s.env, "TOLLGATE_LISTEN=0.0.0.0:4000") {
		t.Errorf("ENV %q: nobody outside could reach it", s.env)
	}
}

// checkFiles looks at everything there is in the image.
func checkFiles(t *testing.T, rootfs string) {
	found := map[string]bool{}
	err := filepath.WalkDir(rootfs, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(rootfs, p) // both are absolute
		found[rel] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".", "data", "etc", "etc/ssl", "etc/ssl/certs", "etc/ssl/certs/ca-certificates.crt", "tollgate"}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	bundle, err := os.ReadFile(filepath.Join(rootfs, "etc/ssl/certs/ca-certificates.crt"))
	if err != nil || bytes.Count(bundle, []byte("BEGIN CERTIFICATE")) < 50 {
		t.Errorf("%d certificates: %v", bytes.Count(bundle, []byte("BEGIN CERTIFICATE")), err)
	}
	f, err := elf.Open(filepath.Join(rootfs, "tollgate"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program needs %q: %v", libraries, err)
	}
	if slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Error("the program asks for a dynamic loader")
	}
}

// checkStart starts the image's command and its health check as its user.
func checkStart(t *testing.T, s stage, rootfs string) {
	env := slices.Clone(s.env)
	for i, v := range env { // 4000 may be taken on the machine that tests
		env[i] = strings.Replace(v, ":4000", ":"+freePort(t), 1)
	}
	command := inside(t, s, rootfs)
	p := begin(t, command(env, append(s.entrypoint, s.cmd...)...))

	call := func(args ...string) []byte {
		t.Helper()
		var stderr bytes.Buffer
		cmd := command(env, args...)
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%q: %v\n%s%s", args, err, out, stderr.String())
		}
		return out
	}
	call(s.health...)
	var key struct{ Key string }
	// As with docker exec.
	if err := json.Unmarshal(call("/tollgate", "key", "create", "--user", "me", "--create-user", "--json"), &key); err != nil {
		t.Fatal(err)
	}
	if status, body := get(p.url+"/v1/models", key.Key); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	// A zone comes from the program: the image has no files for it.
	call("/tollgate", "budget", "create", "--user", "me", "--limit", "1", "--per", "day", "--zone", "Europe/Berlin")
	p.stop()
	if err := command(env, s.health...).Run(); err == nil {
		t.Error("the health check passes with no server")
	}
	entries, err := os.ReadDir(filepath.Join(rootfs, "data"))
	if err != nil || !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "tollgate.db" }) {
		t.Errorf("the database is not in /data: %v %v", entries, err)
	}
}

// freePort is one that nobody listens on just now.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// inside returns what makes commands in the image: with its root and its user where
// that is allowed, and otherwise, which is told as a skipped test, with its paths put
// into place.
func inside(t *testing.T, s stage, rootfs string) func(env []string, args ...string) *exec.Cmd {
	t.Helper()
	uidText, gidText, _ := strings.Cut(s.user, ":")
	uid, err1 := strconv.Atoi(uidText)
	gid, err2 := strconv.Atoi(gidText)
	if err1 != nil || err2 != nil {
		t.Fatalf("USER %s: a name means nothing in an empty image", s.user)
	}
	jail := &syscall.SysProcAttr{Chroot: rootfs}
	if os.Getuid() == 0 {
		jail.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		openPath(t, rootfs)
	} else {
		jail.Cloneflags = syscall.CLONE_NEWUSER
		jail.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getuid(), Size: 1}}
		jail.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: os.Getgid(), Size: 1}}
	}
	jailed := func(env []string, args ...string) *exec.Cmd {
		return &exec.Cmd{Path: args[0], Args: args, Env: env, Dir: s.workdir, SysProcAttr: jail}
	}
	err := jailed(nil, "/tollgate", "version").Run()
	if err == nil {
		return jailed
	}
	t.Run("root and user", func(t *testing.T) {
		t.Skipf("this machine lets nobody change the root (%v): what follows runs as you and sees all files", err)
	})
	return func(env []string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(rootfs, args[0]), args[1:]...)
		cmd.Dir = filepath.Join(rootfs, s.workdir)
		for _, v := range env {
			cmd.Env = append(cmd.Env, strings.ReplaceAll(v, "=/", fmt.Sprintf("=%s/", rootfs)))
		}
		return cmd
	}
}

// openPath lets another user pass through the test's own directories.
func openPath(t *testing.T, dir string) {
	t.Helper()
	for ; dir != os.TempDir() && len(dir) > 1; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
