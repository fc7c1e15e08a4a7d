package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"tollgate/gateway/admin"
)

type modelCmds struct {
	Add    modelAdd    `cmd:"" help:"Add a deployment to a model's name, beside those of the configuration file."`
	List   modelList   `cmd:"" help:"List what was added."`
	Show   modelShow   `cmd:"" help:"Show a deployment that was added."`
	Remove modelRemove `cmd:"" help:"Remove a deployment that was added."`
}

type modelAdd struct {
	Name       string  `arg:"" help:"The public name: a new one, or one that others serve too."`
	ID         *string `name:"id" help:"The deployment's id; one is made without it."`
	Provider   string  `placeholder:"NAME" help:"The provider, as the configuration file declares it."`
	Model      string  `placeholder:"NAME" help:"What the provider calls the model."`
	Price      string  `placeholder:"free" help:"free, if it costs nothing. Without it: as the provider is, or the price list says."`
	File       string  `placeholder:"FILE" help:"The whole declaration as JSON, in the words of the configuration file, in place of the three; - is standard input."`
	Credential *string `placeholder:"ID" help:"The credential that its own provider uses."`
}

// Run adds a deployment.
func (c *modelAdd) Run(s *session) error {
	v := values{"name": c.Name}
	v.text("id", c.ID)
	v.text("credential", c.Credential)
	short := c.Provider != "" || c.Model != "" || c.Price != ""
	switch {
	case c.File != "" && short:
		return usageError("--file says all of the declaration: leave --provider, --model and --price out")
	case c.File != "":
		text, err := s.read(c.File)
		if err != nil {
			return err
		}
		if !json.Valid(text) {
			return usageError("%s is no JSON: write {\"provider\": {\"kind\": \"vllm\", \"url\": \"http://gpu1:8000/v1\"}, \"model\": \"Qwen/Qwen3-32B\"}", c.File)
		}
		v["declaration"] = json.RawMessage(text)
	case c.Provider == "" || c.Model == "":
		return &fault{code: exitUsage, err: errors.New("where is it?"), next: "give --provider NAME and --model NAME, or --file FILE"}
	default:
		d := values{"provider": c.Provider, "model": c.Model}
		if c.Price != "" {
			d["price"] = c.Price
		}
		v["declaration"] = d
	}
	var m admin.ModelAddition
	if printed, err := s.call(http.MethodPost, "/models", v, &m); printed || err != nil {
		return err
	}
	s.say("deployment %s added to %s", m.ID, m.Name)
	s.say("next: tollgate check")
	return nil
}

// read reads a file, or standard input where it is -.
func (s *session) read(name string) ([]byte, error) {
	text, err := typed(s.ctx, func() (string, error) {
		from := s.stdin
		if name != "-" {
			f, err := os.Open(name) // which may be a pipe that nobody writes to
			if err != nil {
				return "", noFile(name, err)
			}
			defer f.Close()
			from = f
		}
		b, err := io.ReadAll(io.LimitReader(from, maxRead))
		return string(b), err
	})
	return []byte(text), err
}

// noFile is the error of a file that an argument or a flag names.
func noFile(name string, err error) error { return usageError("%w", cannotRead(name, err)) }

// cannotRead is the error of a file, without the system's word for the step that failed.
func cannotRead(name string, err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("%s cannot be read: %w", name, err)
}

// maxRead is how many bytes of a file are read; what is longer the API refuses.
const maxRead = 1 << 20

type modelList struct{}

// Run lists what was added.
func (modelList) Run(s *session) error {
	all, raws, err := collect[admin.ModelAddition](s, "/additions", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(all) == 0 {
		s.say("nothing was added; the configuration file has the models: tollgate check")
		return nil
	}
	t := newTable("deployment", "name", "where", "credential", "state")
	for _, d := range all {
		state := "served"
		if d.Unavailable != "" {
			state = "unavailable: " + d.Unavailable
		}
		t.add(d.ID, d.Name, whereOf(d), orDash(d.Credential), state)
	}
	t.print(s.stdout)
	return nil
}

// whereOf is where a deployment is, for people.
func whereOf(d admin.ModelAddition) string {
	var in struct {
		Provider    json.RawMessage `json:"provider"`
		Model       string          `json:"model"`
		Unavailable string          `json:"unavailable"`
	}
	if err := json.Unmarshal(d.Declaration, &in); err != nil || in.Unavailable != "" {
		return orDash(in.Unavailable)
	}
	var name string
	var own struct{ Kind, URL string }
	if json.Unmarshal(in.Provider, &name) == nil {
		return name + "/" + in.Model
	}
	if err := json.Unmarshal(in.Provider, &own); err != nil {
		return in.Model
	}
	return in.Model + " at " + cmp.Or(own.URL, own.Kind)
}

type modelID struct {
	ID string `arg:"" name:"deployment" help:"The deployment's id."`
}

type modelShow struct{ modelID }

// Run shows a deployment.
func (c *modelShow) Run(s *session) error {
	var d admin.ModelAddition
	if printed, err := s.call(http.MethodGet, "/models/"+seg(c.ID), nil, &d); printed || err != nil {
		return err
	}
	s.say("%s: one more of %s, made %s", d.ID, d.Name, when(d.Created, "-"))
	s.say("  declaration  %s", d.Declaration)
	s.say("  credential   %s", orDash(d.Credential))
	s.say("  secrets      %s", joined(d.Secrets, "none"))
	if d.Unavailable != "" {
		s.say("  unavailable  %s", d.Unavailable)
	}
	return nil
}

type modelRemove struct{ modelID }

// Run removes a deployment.
func (c *modelRemove) Run(s *session) error {
	return s.gone("/models/"+seg(c.ID), fmt.Sprintf("deployment %s removed", c.ID))
}

type credentialCmds struct {
	Add    credentialAdd    `cmd:"" help:"Keep the key of an upstream, sealed."`
	List   credentialList   `cmd:"" help:"List the credentials, without what they are."`
	Remove credentialRemove `cmd:"" help:"Remove a credential that nothing uses."`
}

type credentialID struct {
	ID string `arg:"" name:"credential" help:"The credential's id."`
}

type credentialAdd struct {
	credentialID
	For     []string `required:"" sep:"none" placeholder:"URL" help:"Where the key may be sent, such as https://api.openai.com; repeated for more than one."`
	KeyFile string   `required:"" placeholder:"FILE" help:"A file that holds the key; - is standard input. Other users of this machine can see a command line, so the key is no flag."`
}

// Run keeps a credential.
func (c *credentialAdd) Run(s *session) error {
	key, err := s.read(c.KeyFile)
	if err != nil {
		return err
	}
	secret := strings.TrimSpace(string(key))
	if secret == "" {
		return usageError("--key-file: nothing stands in %s", c.KeyFile)
	}
	v := values{"id": c.ID, "urls": c.For, "secrets": map[string]string{"key": secret}}
	if printed, err := s.call(http.MethodPost, "/credentials", v, &admin.Credential{}); printed || err != nil {
		return err
	}
	s.say("credential %s kept", c.ID)
	s.say("next: tollgate model add NAME --credential %s --file FILE", word(c.ID))
	return nil
}

type credentialList struct{}

// Run lists the credentials.
func (credentialList) Run(s *session) error {
	all, raws, err := collect[admin.Credential](s, "/credentials", nil)
	if err != nil {
		return err
	}
	if s.g.JSON {
		return s.listed(raws)
	}
	if len(all) == 0 {
		s.say("no credentials; keep one with: tollgate credential add NAME --for URL --key-file FILE")
		return nil
	}
	t := newTable("credential", "for", "secrets", "created")
	for _, c := range all {
		t.add(c.ID, joined(c.URLs, "where it is first used"), joined(c.Secrets, "none"), when(c.Created, "-"))
	}
	t.print(s.stdout)
	return nil
}

type credentialRemove struct{ credentialID }

// Run removes a credential.
func (c *credentialRemove) Run(s *session) error {
	return s.gone("/credentials/"+seg(c.ID), fmt.Sprintf("credential %s removed", c.ID))
}
