package control

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tollgate/gateway/access"
)

// Tags lists tags of which something is known, by id: at most so many, from behind one on.
func (c *Control) Tags(ctx context.Context, after string, limit int) ([]access.Tag, error) {
	return c.store.Tags(ctx, after, limit)
}

// Tag returns one tag of which something is known, or [ErrNotFound].
func (c *Control) Tag(id string) (access.Tag, error) {
	return found(c.directory.Tag(id), TagChanged, id)
}

// TagChange is what can be said of a tag; nil leaves a field as it is.
type TagChange struct {
	Description *string
	Blocked     *bool
	Attributes  json.RawMessage
}

// MaxDescription is how many bytes the description of a tag may have.
const MaxDescription = 1024

func (ch *TagChange) apply(t *access.Tag) (err error) {
	set(&t.Description, ch.Description)
	set(&t.Blocked, ch.Blocked)
	ch.Attributes, err = checkAttributes(ch.Attributes)
	if len(t.Description) > MaxDescription {
		err = errors.Join(err, inField("description", invalid("a tag's description is longer than %d bytes", MaxDescription)))
	}
	return errors.Join(inField("description", checkPrintable("a tag's description", t.Description)), err)
}

// checkTag accepts what calls may carry as a tag.
func checkTag(tag string) error {
	switch {
	case tag == "":
		return invalid("a tag is not empty")
	case len(tag) > access.MaxTag:
		return invalid("a tag is longer than %d bytes", access.MaxTag)
	case strings.TrimSpace(tag) != tag:
		return invalid("the tag %q has a space at an end, which no call's tag has", tag)
	}
	return checkPrintable("a tag", tag)
}

// checkTags checks the tags of a key or a team.
func checkTags(tags []string) error {
	if len(tags) > access.MaxTags {
		return invalid("more than %d tags", access.MaxTags)
	}
	for i, tag := range tags {
		if err := checkTag(tag); err != nil {
			return err
		}
		if slices.Contains(tags[:i], tag) {
			return invalid("the tag %q stands twice", tag)
		}
	}
	return nil
}

func (d *draft) createTag(id string, ch TagChange) (access.Tag, error) {
	t := access.Tag{ID: id, Created: d.at}
	if err := errors.Join(inField("id", checkTag(id)), ch.apply(&t)); err != nil {
		return t, err
	}
	for part := range strings.SplitSeq(id, "/") {
		if part == "" || part == "." || part == ".." {
			return t, inField("id", invalid("the tag %q would not survive in a path: give nothing, . or .. no place of its own between slashes", id))
		}
	}
	return t, d.tags.add(id, t, PutTag{t, true, ch.Attributes})
}

func (d *draft) updateTag(id string, ch TagChange) (access.Tag, error) {
	return d.tags.change(id, ch.apply, func(t access.Tag) Write { return PutTag{t, false, ch.Attributes} })
}

// CreateTag keeps something of a tag, by the text that calls carry.
func (c *Control) CreateTag(ctx context.Context, id string, ch TagChange) (access.Tag, error) {
	return changed(ctx, c, func(d *draft) (access.Tag, error) { return d.createTag(id, ch) })
}

// UpdateTag changes a tag.
func (c *Control) UpdateTag(ctx context.Context, id string, ch TagChange) (access.Tag, error) {
	return changed(ctx, c, func(d *draft) (access.Tag, error) { return d.updateTag(id, ch) })
}

// DeleteTag forgets what is known of a tag. Keys, teams and calls may still have it, its
// budgets stay, and what was spent under it stays in the books.
func (c *Control) DeleteTag(ctx context.Context, id string) error {
	return c.run(ctx, func(d *draft) error { return d.tags.drop(id) })
}
