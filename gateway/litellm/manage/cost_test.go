package manage

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"tollgate/accounting/tokens"
)

// TestPromptTokensOfManyMessages: the texts of a request are counted each by itself while all
// of them are short, and as one text by a part of it where they are long: no number of
// messages makes more work than one.
func TestPromptTokensOfManyMessages(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("hello world ", tokens.Most/12/8)
	messages := func(n int) gjson.Result {
		one := `{"role":"user","content":"` + word + `"}`
		return gjson.Parse("[" + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + "]")
	}
	each := tokens.Count("user") + tokens.Count(word)
	if got, want := promptTokens(messages(7)), 3+7*(3+each); got != want {
		t.Errorf("%d tokens, want %d", got, want)
	}
	const many = 40
	c := tokens.NewCounter(int64(many*(len("user")+len(word))), tokens.Most)
	for range many {
		_, _ = c.WriteString("user" + word) // it never fails
	}
	if got, want := promptTokens(messages(many)), 3+many*3+c.Tokens(); got != want || !c.Sampled() {
		t.Errorf("%d tokens, want %d", got, want)
	}
}
