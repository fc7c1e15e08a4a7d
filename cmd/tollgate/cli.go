package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"tollgate/configs"
	"tollgate/gateway/store"
)

// The exit codes of every command.
const (
	exitOK          = 0
	exitFailed      = 1 // it did not work
	exitUsage       = 2 // the command or one of its values is wrong
	exitNotFound    = 3 // what was named is not there
	exitRefused     = 4 // explain: the call would be refused; check: there are problems
	exitUnreachable = 5 // the server does not answer, or another process has the database
)

// globals are the flags that every command takes.
type globals struct {
	Config       string `short:"c" placeholder:"FILE" group:"Flags of every command:" help:"The configuration file (TOLLGATE_CONFIG, or LiteLLM's CONFIG_FILE_PATH)."`
	Database     string `placeholder:"FILE" group:"Flags of every command:" help:"The database, in place of the configuration's: a file, or the URL of a PostgreSQL database (TOLLGATE_DATABASE). Other users of this machine can see a command line: a URL with a password belongs in the variable."`
	URL          string `name:"url" placeholder:"URL" group:"Flags of every command:" help:"The running server to talk to (TOLLGATE_URL). Without it: the one that has the database open, or the database itself."`
	AdminKey     string `placeholder:"KEY" group:"Flags of every command:" help:"The admin key for --url (TOLLGATE_ADMIN_KEY). Other users of this machine can see a command line: prefer the variable or the file."`
	AdminKeyFile string `placeholder:"FILE" group:"Flags of every command:" help:"A file that holds the admin key (TOLLGATE_ADMIN_KEY_FILE)."`
	JSON         bool   `name:"json" group:"Flags of every command:" help:"Print the API's own JSON."`
	Listen       string `kong:"-"` // of serve
	Shadow       string `kong:"-"` // of serve
	Host         string `kong:"-"` // of serve, in place of Listen's
	Port         string `kong:"-"` // of serve, in place of Listen's

	Ignored []configs.Problem `kong:"-"` // what serve was told that means nothing here
}

// fill takes from the environment what no flag said.
func (g *globals) fill(getenv func(string) string) {
	g.Config = cmp.Or(g.Config, getenv("TOLLGATE_CONFIG"), getenv("CONFIG_FILE_PATH"))
	g.Database = cmp.Or(g.Database, getenv("TOLLGATE_DATABASE"))
	g.URL = cmp.Or(g.URL, getenv("TOLLGATE_URL"))
	if g.AdminKey == "" && g.AdminKeyFile == "" {
		g.AdminKey, g.AdminKeyFile = strings.TrimSpace(getenv("TOLLGATE_ADMIN_KEY")), getenv("TOLLGATE_ADMIN_KEY_FILE")
	}
	g.Listen = cmp.Or(g.Listen, getenv("TOLLGATE_LISTEN"))
}

// listens says that it was said where to listen.
func (g *globals) listens() bool { return g.Listen != "" || g.Host != "" || g.Port != "" }

// listenAt is where to listen, given what the configuration says: a host and a port are each
// in place of their part.
func (g *globals) listenAt(file string) string {
	address := cmp.Or(g.Listen, file)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address // who checks it says so
	}
	return net.JoinHostPort(cmp.Or(g.Host, host), cmp.Or(g.Port, port))
}

// commands is the whole command line.
type commands struct {
	globals

	Serve      serveCmd       `cmd:"" default:"withargs" help:"Run the gateway (the default)."`
	Check      checkCmd       `cmd:"" help:"Show engines, models with their price state and why, and every problem."`
	Explain    explainCmd     `cmd:"" help:"Say what would be decided on a call, without making it."`
	Key        keyCmds        `cmd:"" help:"Keys: create, list, show, update, rotate, block, unblock, delete, generate."`
	User       userCmds       `cmd:"" help:"Users: create, list, show, update, block, unblock, delete."`
	Team       teamCmds       `cmd:"" help:"Teams: create, list, show, update, delete, add, remove."`
	Org        orgCmds        `cmd:"" help:"Organizations: create, list, show, update, delete, add, remove."`
	Tag        tagCmds        `cmd:"" help:"Tags of calls: create, list, show, update, delete."`
	Budget     budgetCmds     `cmd:"" help:"Budgets: create, list, show, update, adjust, delete."`
	Limit      limitCmds      `cmd:"" help:"Rate limits: create, list, show, update, delete."`
	Model      modelCmds      `cmd:"" help:"Models beside those of the configuration file: add, list, show, remove."`
	Credential credentialCmds `cmd:"" help:"Keys of upstreams for them: add, list, remove."`
	Usage      usageCmd       `cmd:"" help:"Report what was used: paid and free side by side."`
	Entries    entriesCmd     `cmd:"" help:"List the lines of the books, newest first."`
	Audit      auditCmd       `cmd:"" help:"List what was changed of people, keys, budgets and limits, by whom and how."`
	Verify     verifyCmd      `cmd:"" help:"Add up the books anew and say what differs. Its epoch is 1, and one more after each restore of a backup."`
	Backup     backupCmd      `cmd:"" help:"Write the whole database into a file, while the server runs."`
	Restore    restoreCmd     `cmd:"" help:"Bring a backup into an empty database, with no server running."`
	Retain     retainCmd      `cmd:"" help:"Remove the entries and reports of months that are old enough."`
	Rebuild    rebuildCmd     `cmd:"" help:"Make the counters anew from the entries, with no server running."`
	Migrate    migrateCmd     `cmd:"" help:"Bring the schema of the database up to date, as the next start would."`
	Shadow     shadowCmds     `cmd:"" help:"A trial beside another gateway (serve --shadow): report."`
	Import     importCmds     `cmd:"" help:"Bring over what another gateway has: litellm."`
	Reload     reloadCmd      `cmd:"" help:"Let a running server read its configuration file again."`
	Health     healthCmd      `cmd:"" help:"Ask a server whether it is ready, for a container's health check."`
	Completion completionCmd  `cmd:"" help:"Print what makes a shell complete the names of commands and flags."`
	Version    versionCmd     `cmd:"" help:"Print the version."`
}

const about = `One binary between OpenAI-compatible clients and the models they use. Paid models pay the toll; free models pass, always.

Exit codes: 0 done, 1 failed, 2 wrong usage or value, 3 not found, 4 refused (explain) or problems of a configuration (check, import, reload, serve), 5 the server does not answer, or another process has the database.`

// session is one run of the command line.
type session struct {
	ctx    context.Context
	g      globals
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	api    *client // made when it is first asked for
}

// exit is how kong's wish to end the program is caught.
type exit int

// runCLI runs one command line and returns its exit code.
func runCLI(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(exit)
			if !ok {
				panic(v)
			}
			code = int(e)
		}
	}()
	args = asked(args)
	if g, run, ok := parseServe(args); ok {
		g.fill(getenv)
		return tell(stderr, run.Run(&session{ctx: ctx, g: g, stdin: stdin, stdout: stdout, stderr: stderr}))
	}
	var cli commands
	parser, err := kong.New(&cli, kong.Name("tollgate"), kong.Description(about), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(exit(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		fmt.Fprintln(stderr, "tollgate:", err)
		return exitFailed
	}
	parser.Model.HelpFlag.Help = "Show what the command does and takes."
	k, err := parser.Parse(args)
	if err != nil && len(args) > 0 && !strings.HasPrefix(args[0], "-") && !slices.ContainsFunc(parser.Model.Children, func(n *kong.Node) bool { return n.Name == args[0] }) {
		parser.Model.DefaultCmd = nil // else a mistyped command is an argument of serve, and has no near one
		_, err = parser.Parse(args)
	}
	if err == nil {
		err = unmeant(k)
	}
	if err != nil {
		var wrong *kong.ParseError
		at := "tollgate"
		if errors.As(err, &wrong) && wrong.Context != nil {
			k = wrong.Context
		}
		if k != nil && k.Selected() != nil {
			at = k.Selected().FullPath()
		}
		fmt.Fprintf(stderr, "tollgate: %s\n  see: %s --help\n", missingValue().ReplaceAllString(err.Error(), "$1: its value is missing"), at)
		return exitUsage
	}
	cli.fill(getenv)
	out := &output{Writer: stdout}
	s := &session{ctx: ctx, g: cli.globals, stdin: stdin, stdout: out, stderr: stderr}
	err = errors.Join(k.Run(s), s.close())
	if err == nil && out.err != nil {
		err = fmt.Errorf("what was done could not be told: %w", out.err)
	}
	return tell(stderr, err)
}

// output is where a command prints. That it could not, to a disk that is full, is
// remembered: a key that nobody has seen must not look like one that was made.
type output struct {
	io.Writer
	err error // the first
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// unmeant is what is wrong with a command line that the grammar takes.
func unmeant(k *kong.Context) error {
	if err := emptyText(k); err != nil {
		return err
	}
	return twice(k)
}

// twice is what is wrong where a flag that has one value stands twice: of two users the first
// would be forgotten.
func twice(k *kong.Context) error {
	seen := map[*kong.Value]bool{}
	for _, p := range k.Path {
		if p.Flag == nil || p.Flag.IsCumulative() {
			continue
		}
		if seen[p.Flag.Value] {
			return fmt.Errorf("--%s: it is given twice", p.Flag.Name)
		}
		seen[p.Flag.Value] = true
	}
	return nil
}

// emptyText is what is wrong where an argument is the empty text, or a flag that this does not
// clear: a script says so whose variable is not set, and means another key or budget than the
// first that has no name.
func emptyText(k *kong.Context) error {
	empty := func(v *kong.Value) bool {
		switch v.Target.Kind() {
		case reflect.String:
			return v.Target.String() == ""
		case reflect.Slice:
			list, ok := v.Target.Interface().([]string)
			return ok && slices.Contains(list, "")
		}
		return false
	}
	for _, p := range k.Path {
		switch {
		case p.Flag != nil && empty(p.Flag.Value):
			return fmt.Errorf("--%s: its value is the empty text", p.Flag.Name)
		case p.Positional != nil && empty(p.Positional):
			return fmt.Errorf("<%s>: it is the empty text", p.Positional.Name)
		}
	}
	return nil
}

// missingValue is how kong says that a flag is the last word.
var missingValue = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(--[a-z-]+): expected .* value but got "EOL" \(<EOL>\)$`)
})

// asked puts into the grammar's words what people ask for first.
func asked(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case len(args) == 1 && args[0] == "--version":
		return []string{"version"}
	}
	return args
}

// parseServe reads a command line that runs the gateway and is right. The whole grammar
// takes longer to build than a database to open, so a start does without it; whatever is
// not understood here is told by the whole one.
func parseServe(args []string) (g globals, run serveCmd, ok bool) {
	if len(args) > 0 && args[0] != "serve" && !strings.HasPrefix(args[0], "-") {
		return g, run, false
	}
	var cli struct {
		globals
		Serve serveCmd `cmd:"" default:"withargs"`
	}
	parser, err := kong.New(&cli, kong.NoDefaultHelp())
	if err != nil {
		return g, run, false
	}
	k, err := parser.Parse(args)
	return cli.globals, cli.Serve, err == nil && unmeant(k) == nil
}

// fault is a failure with the exit code it asks for and what to do about it.
type fault struct {
	code int
	err  error
	next string // what to do; may be empty
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func usageError(format string, args ...any) error {
	return &fault{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// silent ends with a code when everything has been said.
type silent int

func (s silent) Error() string { return fmt.Sprintf("exit %d", int(s)) }

// tell prints an error in a line or two and returns its exit code.
func tell(w io.Writer, err error) int {
	var (
		quiet    silent
		f        *fault
		api      *apiError
		locked   *store.LockedError
		problems *problemsErr
	)
	code, next := exitFailed, ""
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &quiet):
		return int(quiet)
	case errors.As(err, &f):
		code, next = f.code, f.next
	case errors.As(err, &api):
		code, next = api.exit(), api.next()
	case errors.As(err, &problems) && problems.ofFlags():
		code = exitUsage
	case errors.As(err, &problems):
		code = exitRefused
	case errors.As(err, &locked):
		code = exitUnreachable
	}
	fmt.Fprintln(w, "tollgate:", err)
	if next != "" {
		fmt.Fprintln(w, "  "+next)
	}
	return code
}

type serveCmd struct {
	oldFlags
	Listen string `placeholder:"HOST:PORT" help:"The address to listen on, in place of the configuration's (TOLLGATE_LISTEN)."`
	Host   string `placeholder:"HOST" help:"The host of that address alone."`
	Port   string `placeholder:"PORT" help:"Its port alone."`
	Shadow string `placeholder:"URL" help:"Answer nothing: forward every request to the gateway at this URL, such as http://old-litellm:4000, and record what tollgate would have decided and charged. See: tollgate shadow report."`
}

// Run runs the gateway.
func (c *serveCmd) Run(s *session) error {
	if c.Listen != "" && (c.Host != "" || c.Port != "") {
		return usageError("--listen has the host and the port: give it alone, or --host and --port")
	}
	var err error
	if s.g.Ignored, err = c.oldFlags.read(); err != nil {
		return err
	}
	s.g.Listen, s.g.Shadow, s.g.Host, s.g.Port = cmp.Or(c.Listen, s.g.Listen), c.Shadow, c.Host, c.Port
	return serve(s.ctx, s.g, s.stdout, s.stderr)
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s *session) error {
	if s.g.JSON {
		return json.NewEncoder(s.stdout).Encode(map[string]string{"version": version()})
	}
	s.say("tollgate %s", version())
	return nil
}

// say prints one line.
func (s *session) say(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintln(s.stdout, shown(line))
	}
}

// raw prints the API's JSON as it came.
func (s *session) raw(b []byte) error {
	if len(b) > 0 && b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	_, err := s.stdout.Write(b)
	return err
}

// confirm asks before something is gone for good, if a person is there to answer.
func (s *session) confirm(yes bool, question string) error {
	if yes || !isTerminal(s.stdin) {
		return nil
	}
	fmt.Fprintf(s.stderr, "%s [y/N] ", question)
	answer, err := typed(s.ctx, func() (answer string, _ error) {
		_, _ = fmt.Fscanln(s.stdin, &answer) // nothing typed is a no
		return answer, nil
	})
	if a := strings.ToLower(answer); err == nil && (a == "y" || a == "yes") {
		return nil
	}
	if err != nil {
		fmt.Fprintln(s.stderr) // after the question
	}
	return &fault{code: exitFailed, err: errors.New("nothing was changed")}
}

// typed reads what a person types, until they press Ctrl-C: nothing ends the reading then,
// but the program ends.
func typed(ctx context.Context, read func() (string, error)) (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	go func() {
		text, err := read()
		got <- line{text, err}
	}()
	select {
	case l := <-got:
		return l.text, l.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// isTerminal says whether a person sits at the other end. The null device is a
// character device too.
func isTerminal(r any) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	if err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(st, null)
}

// readSecret reads one line from stdin.
func (s *session) readSecret() (string, error) {
	text, err := typed(s.ctx, func() (string, error) {
		b, err := io.ReadAll(io.LimitReader(s.stdin, 4096))
		return string(b), err
	})
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", usageError("nothing came on standard input")
	}
	return line, nil
}
