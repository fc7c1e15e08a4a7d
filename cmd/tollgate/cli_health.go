package main

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// healthTimeout is how long a server may take to say that it is ready.
const healthTimeout = 3 * time.Second

// healthCmd asks a server whether it is ready: the health check of a container,
// where there is no curl.
type healthCmd struct{}

// Run implements kong's command.
func (healthCmd) Run(s *session) error {
	url := ""
	if s.g.URL != "" {
		var err error
		if url, err = baseOf(s.g.URL); err != nil {
			return err
		}
	} else {
		cfg, problems := loadPlace(s.g)
		if len(problems) > 0 {
			return problemsError(s.g.Config, problems)
		}
		url = "http://" + reachable(cfg.Listen)
	}
	res, err := (&http.Client{Timeout: healthTimeout}).Get(url + "/health/ready")
	if err != nil {
		return &fault{code: exitUnreachable, err: fmt.Errorf("no answer from %s: %w", url, reasonOf(err)), next: "start it with: tollgate serve; of one that listens elsewhere give --url or --config"}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return &fault{code: exitUnreachable, err: err}
	}
	if res.StatusCode != http.StatusOK {
		return &fault{code: exitFailed, err: fmt.Errorf("%s is not ready: %s", url, body)}
	}
	_, err = fmt.Fprintf(s.stdout, "%s\n", body)
	return err
}
