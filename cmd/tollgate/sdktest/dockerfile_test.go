//go:build image

package sdktest

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
)

// stage is a part of a Dockerfile from one FROM to the next.
type stage struct {
	from, name string
	steps      []step // what changes files, in order
	env        []string
	workdir    string
	user       string
	volume     string
	expose     string
	health     []string
	entrypoint []string
	cmd        []string
}

// step is a COPY or a RUN.
type step struct {
	run   string            // a RUN's command line
	from  string            // a COPY's stage; "" is the source tree
	chown string            // a COPY's owner
	src   []string          // a COPY's sources
	dst   string            // a COPY's destination
	args  map[string]string // the ARGs before it
	dir   string            // the WORKDIR it runs in
}

// readDockerfile reads the few instructions that ours has. One that it does not know
// is an error: better no test than one that says less than it seems to.
func readDockerfile(file string) ([]stage, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var stages []stage
	args := map[string]string{}
	joined := strings.ReplaceAll(string(text), "\\\n", " ")
	for line := range strings.Lines(joined) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		if word == "FROM" {
			image, name, _ := strings.Cut(rest, " AS ")
			stages, args = append(stages, stage{from: image, name: name, workdir: "/"}), map[string]string{}
			continue
		}
		if len(stages) == 0 {
			return nil, fmt.Errorf("%s before FROM", word)
		}
		s := &stages[len(stages)-1]
		switch word {
		case "ARG":
			name, value, _ := strings.Cut(rest, "=")
			args[name] = value
		case "WORKDIR":
			s.workdir = path.Join(s.workdir, rest)
			if path.IsAbs(rest) {
				s.workdir = rest
			}
		case "RUN":
			s.steps = append(s.steps, step{run: rest, args: args, dir: s.workdir})
		case "COPY":
			c := step{dir: s.workdir}
			fields := strings.Fields(rest)
			for len(fields) > 0 && strings.HasPrefix(fields[0], "--") {
				name, value, _ := strings.Cut(fields[0], "=")
				switch name {
				case "--from":
					c.from = value
				case "--chown":
					c.chown = value
				default:
					return nil, fmt.Errorf("COPY %s is not understood", name)
				}
				fields = fields[1:]
			}
			if len(fields) < 2 {
				return nil, fmt.Errorf("%q", line)
			}
			c.src, c.dst = fields[:len(fields)-1], fields[len(fields)-1]
			s.steps = append(s.steps, c)
		case "ENV":
			s.env = append(s.env, strings.Fields(rest)...)
		case "USER":
			s.user = rest
		case "VOLUME":
			s.volume = rest
		case "EXPOSE":
			s.expose = rest
		case "HEALTHCHECK":
			_, command, found := strings.Cut(rest, "CMD ")
			if !found {
				return nil, fmt.Errorf("%q", line)
			}
			err = json.Unmarshal([]byte(command), &s.health)
		case "ENTRYPOINT":
			err = json.Unmarshal([]byte(rest), &s.entrypoint)
		case "CMD":
			err = json.Unmarshal([]byte(rest), &s.cmd)
		default:
			return nil, fmt.Errorf("%s is not understood", word)
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %w; there is no shell in the image", line, err)
		}
	}
	return stages, nil
}
