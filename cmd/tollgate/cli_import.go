package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tollgate/configs"
	"tollgate/configs/litellm"
	"tollgate/gateway/access"
)

type importCmds struct {
	LiteLLM importLiteLLMCmd `cmd:"" name:"litellm" help:"Print tollgate's configuration for LiteLLM's config.yaml, or bring over what its database keeps: keys, users, teams, budgets, models."`
}

type importLiteLLMCmd struct {
	File string `arg:"" optional:"" help:"LiteLLM's config.yaml. What is not as it was is told on standard error."`

	DatabaseURL   string `name:"database-url" placeholder:"URL" help:"Instead: LiteLLM's database, postgres://…, or env:NAME or file:PATH for one whose URL stands there, such as env:DATABASE_URL, or else DATABASE_HOST, DATABASE_USERNAME, DATABASE_PASSWORD and DATABASE_NAME. Nothing is written to it, and without --apply nothing here either: what would be done is told."`
	DryRun        bool   `help:"Tell what would be done and do nothing: this is what happens without --apply."`
	Apply         bool   `help:"Bring it over, all or nothing. With SQLite no server may run meanwhile. Again later it brings over what has changed in LiteLLM since."`
	SaltKeyFile   string `placeholder:"FILE" help:"A file that holds LiteLLM's salt key (LITELLM_SALT_KEY), which opens what is encrypted in its database."`
	MasterKeyFile string `placeholder:"FILE" help:"A file that holds LiteLLM's master key (LITELLM_MASTER_KEY), which opens that if there is no salt key."`
}

// imported is a converted configuration in JSON.
type imported struct {
	Native   string            `json:"native"`
	Wanted   []string          `json:"wanted"` // variables for the secrets that stood in the file
	Findings []importedFinding `json:"findings"`
}

type importedFinding struct {
	Severity string `json:"severity"`
	File     string `json:"file"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
	Write    string `json:"write"`
}

// Run converts a file, or brings over a database.
func (c *importLiteLLMCmd) Run(s *session) error {
	switch {
	case c.File != "" && c.DatabaseURL != "", c.File == "" && c.DatabaseURL == "":
		return usageError("give LiteLLM's config.yaml, or its database by --database-url")
	case c.DatabaseURL != "":
		return c.importDatabase(s)
	case c.Apply || c.DryRun || c.SaltKeyFile != "" || c.MasterKeyFile != "":
		return usageError("--apply, --dry-run, --salt-key-file and --master-key-file belong to --database-url")
	}
	return c.convert(s)
}

// convert converts the file and changes nothing.
func (c *importLiteLLMCmd) convert(s *session) error {
	r := litellm.Convert(litellm.Source{File: c.File, Read: readRegular, Env: os.LookupEnv, Weak: access.CheckOldAdminSecret, Short: access.CheckAdminSecret})
	if s.g.JSON {
		out := imported{Native: string(r.Native), Wanted: []string{}, Findings: []importedFinding{}}
		out.Wanted = append(out.Wanted, slices.Sorted(maps.Keys(r.Secrets))...)
		for _, f := range r.Findings {
			out.Findings = append(out.Findings, importedFinding{string(f.Severity), f.File, f.Path, f.Line, f.Column, f.Message, f.Wrote})
		}
		e := json.NewEncoder(s.stdout)
		e.SetIndent("", "  ")
		if err := e.Encode(out); err != nil {
			return err
		}
	} else {
		if !unreadable(r) {
			if _, err := s.stdout.Write(r.Native); err != nil {
				return err
			}
		}
		for _, f := range r.Findings {
			fmt.Fprintln(s.stderr, shown(f.String()))
		}
	}
	if r.Serious() {
		return silent(exitRefused)
	}
	return nil
}

// unreadable says that a file is no configuration at all: what it was converted to is one
// of defaults.
func unreadable(r *litellm.Result) bool {
	return slices.ContainsFunc(r.Findings, func(f litellm.Finding) bool { return f.Severity == litellm.Problem && f.Path == "" })
}

// convertInPlace converts a file that tollgate runs from as it is.
func convertInPlace(path string) *litellm.Result {
	return litellm.Convert(litellm.Source{File: path, Read: readRegular, Env: os.LookupEnv, InPlace: true, Weak: access.CheckOldAdminSecret, Short: access.CheckAdminSecret})
}

// secretsOf looks up what a converted file refers to: its own secrets, and the environment.
func secretsOf(r *litellm.Result) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		if v, ok := r.Secrets[name]; ok {
			return v, true
		}
		return os.LookupEnv(name)
	}
}

// readLiteLLM reads LiteLLM's configuration as tollgate's. What is found has its place in
// LiteLLM's own files. beside is told of what it includes.
func readLiteLLM(path string, beside func(file string), opts ...configs.Option) (*configs.Config, []configs.Problem) {
	r := convertInPlace(path)
	for _, file := range r.Files[1:] {
		beside(file)
	}
	said := func(f litellm.Finding, message, write string) configs.Problem {
		p := configs.Problem{Path: f.Path, Line: f.Line, Column: f.Column, Message: message, Write: write}
		if f.File != path {
			p.File = f.File
		}
		return p
	}
	var problems, warnings []configs.Problem
	for _, f := range r.Findings {
		if f.Severity == litellm.Problem {
			problems = append(problems, said(f, f.Message, f.Wrote))
		} else {
			warnings = append(warnings, said(f, string(f.Severity)+": "+f.Message, f.Wrote))
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	cfg, problems := configs.Parse(r.Native, kinds(), secretsOf(r), append(opts, configs.In(filepath.Dir(path)))...)
	there := func(all []configs.Problem) {
		for i, p := range all {
			all[i].Line, all[i].Column = 0, 0
			if f, ok := r.Origin(p.Line); ok {
				all[i] = said(f, p.Path+": "+p.Message, p.Write) // in tollgate's words
			}
		}
	}
	if there(problems); len(problems) > 0 {
		return nil, problems
	}
	raw, err := json.Marshal(litellm.Told{Listed: r.Listed, EndUserBudget: r.EndUserBudget})
	if err != nil {
		panic(err) // it is JSON
	}
	cfg.Told = raw
	there(cfg.Warnings)
	cfg.Warnings = append(warnings, cfg.Warnings...)
	return cfg, nil
}

// readRegular reads a regular file of at most as many bytes as a configuration may have.
func readRegular(name string) ([]byte, error) { return configs.ReadFile(name, litellm.MaxFile) }
