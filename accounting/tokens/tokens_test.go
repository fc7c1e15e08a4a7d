package tokens

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// all counts the tokens of a text by encoding every byte of it.
func all(text string) int64 {
	c := NewCounter(0, Most)
	_, _ = c.WriteString(text)
	return c.Tokens()
}

// TestCounterCountsAsCount: however a text is cut, its pieces have as many tokens as the
// whole.
func TestCounterCountsAsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat(rapid.StringN(0, 40, 200).Draw(t, "text"), rapid.IntRange(0, 400).Draw(t, "times"))
		most := rapid.SampledFrom([]int64{Most, 16 << 10, 2 << 10}).Draw(t, "most")
		whole := NewCounter(int64(len(text)), most)
		_, _ = whole.WriteString(text)
		c := NewCounter(int64(len(text)), most)
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			if m, err := c.WriteString(rest[:n]); m != n || err != nil {
				t.Fatalf("%d, %v", m, err)
			}
			rest = rest[n:]
		}
		if got, want := c.Tokens(), whole.Tokens(); got != want || c.Sampled() != (int64(len(text)) > most) {
			t.Fatalf("%d tokens, want %d", got, want)
		}
		if most == Most && c.Tokens() != Count(text) {
			t.Fatalf("%d tokens, want %d", c.Tokens(), Count(text))
		}
	})
}

// TestCount: as many as OpenAI's own encoder makes of a text.
func TestCount(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "hello": 1, "hello world": 2, "tiktoken is great!": 6, "The quick brown fox jumps over the lazy dog.": 10} {
		if got := Count(text); got != want {
			t.Errorf("%q: %d tokens, want %d", text, got, want)
		}
	}
}

// kinds are texts of very different density.
func kinds() map[string]string {
	random := func(of string) string {
		r := rand.New(rand.NewPCG(1, uint64(len(of))))
		b := make([]byte, 4<<10)
		for i := range b {
			b[i] = of[r.IntN(len(of))]
		}
		return string(b)
	}
	return map[string]string{
		"prose":   strings.Repeat("The quick brown fox jumps over the lazy dog, and nobody is surprised. ", 60),
		"code":    strings.Repeat("\tif err := json.Unmarshal(data, &v); err != nil {\n\t\treturn nil, err\n\t}\n", 60),
		"digits":  strings.Repeat("1234567890", 400),
		"letters": random("abcdefghijklmnopqrstuvwxyz"),
		"noise":   random("ABCDEFabcdef0123456789+/=-_!?;"),
		"chinese": strings.Repeat("我们今天去看电影，你要不要一起来？", 80),
		"faces":   strings.Repeat("😀🎉", 500),
		"blank":   strings.Repeat(" ", 4<<10),
	}
}

// TestLongText: of a text longer than Most no more than that is encoded, and the estimate
// is what it has or a little more.
func TestLongText(t *testing.T) {
	const size = 32 << 20
	for name, text := range kinds() {
		density := float64(all(strings.Repeat(text, 32))) / float64(32*len(text))
		text = strings.Repeat(text, size/len(text)+1)[:size]
		c := NewCounter(size, Most)
		_, _ = c.WriteString(text)
		got, want := c.Tokens(), int64(density*size)
		if c.encoded > Most || c.encoded < Most-sample || !c.Sampled() {
			t.Errorf("%s: %d bytes were encoded", name, c.encoded)
		}
		if got < want*99/100 || got > want*115/100 {
			t.Errorf("%s: %d tokens, want %d", name, got, want)
		}
		if name != "prose" {
			continue
		}
		if again := Count(text); again != got {
			t.Errorf("%s: %d tokens, then %d", name, got, again)
		}
	}
}

// TestLongTextAtItsEdge: a text of Most bytes is counted, one of a byte more estimated.
func TestLongTextAtItsEdge(t *testing.T) {
	text := strings.Repeat("hello world ", Most/12+1)[:Most+1]
	for size, sampled := range map[int64]bool{Most: false, Most + 1: true} {
		c := NewCounter(size, Most)
		_, _ = c.WriteString(text[:size])
		want := all(text[:size])
		if got := c.Tokens(); c.Sampled() != sampled || c.encoded > Most || got < want || got > want+want/50 || !sampled && got != want {
			t.Errorf("%d bytes: %d tokens, want %d; %d encoded", size, got, want, c.encoded)
		}
	}
}

// TestEstimateIsConservative mixes texts of different density in any order and length, and
// looks at each in many places: no estimate is below the truth by more than was said, few
// are below it at all, and none is far above.
func TestEstimateIsConservative(t *testing.T) {
	defer func(was uint64) { secret = was }(secret)
	of := kinds()
	names := slices.Sorted(maps.Keys(of))
	const most, looks = Most / 4, 5
	low, tries := 0, 0
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 0))
		some := []string{names[r.IntN(len(names))], names[r.IntN(len(names))], names[r.IntN(len(names))]}
		longest := []int{100, 1000, 5000, 30_000}[r.IntN(4)]
		var b strings.Builder
		for b.Len() < 4*most {
			text, n := of[some[r.IntN(len(some))]], 1+r.IntN(longest)
			b.WriteString(strings.Repeat(text, n/len(text)+1)[:n])
		}
		text := b.String()
		want := all(text)
		for range looks {
			secret = r.Uint64()
			c := NewCounter(int64(len(text)), most)
			_, _ = c.WriteString(text)
			got := c.Tokens()
			if tries++; got < want {
				low++
			}
			if short := want - got; c.encoded > most || short > max(want/10, int64(len(text))/50) || -short > want/4+int64(len(text))/40 {
				t.Errorf("%v of up to %d bytes: %d tokens, and it has %d", some, longest, got, want)
			}
		}
	}
	if low > tries/20 {
		t.Errorf("%d of %d estimates are too low", low, tries)
	}
}

// TestShorterThanSaid: what was announced and did not come is not counted.
func TestShorterThanSaid(t *testing.T) {
	c := NewCounter(2*Most, Most)
	_, _ = c.WriteString("hello")
	if n := c.Tokens(); n != 5 {
		t.Errorf("%d tokens", n)
	}
}

// TestGrowing: a text that comes in pieces has as many tokens as the whole, however it was
// looked at meanwhile, and what is said of it before is on the right side.
func TestGrowing(t *testing.T) {
	words := []string{"hello", " world", "isn't", " O'Neill’s", "12345", "3rd", " ", "  ", "\n", "\r\n\t", "...", "!?", "é", "e\u0301", "\u0301", "Ünïcödé", "我们今天", "，", "😀🎉", "\xff", "\xe2\x82", "HTTPServer", "_x", "'s", "'", "½", "x²", "/", "=", "0x1F"}
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.StringN(0, 6, 12)), 0, 400).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		var g Growing
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, min(len(rest), 40)).Draw(t, "bytes")
			g.Add(rest[:n])
			rest = rest[n:]
			if rapid.Bool().Draw(t, "looked at") {
				g.Look()
			}
			if most, now := g.Most(), g.Tokens(); most < now {
				t.Fatalf("at most %d tokens, and there are %d", most, now)
			}
		}
		longest := 0 // without a place to part it
		for from, i := 0, 0; i <= len(text); i++ {
			if i == len(text) || i > from && partAt([]byte(text[from:i+1])) > 0 {
				longest, from = max(longest, i-from), i
			}
		}
		if got, want := g.Tokens(), Count(text); got != want && (longest < longestWord || got < want) {
			t.Fatalf("%q: %d tokens, want %d", text, got, want)
		}
		if g.Empty() != (text == "") || g.Sampled() {
			t.Fatalf("empty %v, sampled %v", g.Empty(), g.Sampled())
		}
	})
}

// TestGrowingIsCountedOnce: the work is that of one count, whatever is asked meanwhile.
func TestGrowingIsCountedOnce(t *testing.T) {
	for name, text := range kinds() {
		text = strings.Repeat(text, 3)
		want := Count(text)
		once := testing.AllocsPerRun(1, func() { Count(text) })
		var g Growing
		n := int64(0)
		spent := testing.AllocsPerRun(1, func() {
			g = Growing{}
			for at := 0; at < len(text); at += 64 {
				g.Add(text[at:min(at+64, len(text))])
				g.Look()
			}
			n = g.Tokens()
		})
		if len(g.rest) > gather || cap(g.rest) > 2*gather {
			t.Errorf("%s: %d bytes are kept, in %d", name, len(g.rest), cap(g.rest))
		}
		if n < want || n > want+want/20 {
			t.Errorf("%s: %d tokens, want %d", name, n, want)
		}
		if spent > 3*once+float64(len(text)/16) {
			t.Errorf("%s: %v allocations, and one count takes %v", name, spent, once)
		}
	}
}

// TestGrowingAtItsEdge: what has no place to be parted waits up to so many bytes, and is
// then parted between two characters.
func TestGrowingAtItsEdge(t *testing.T) {
	for _, c := range []struct {
		text string
		rest int
	}{
		{strings.Repeat("a", longestWord-1), longestWord - 1},
		{strings.Repeat("a", longestWord), 0},
		{strings.Repeat("語", longestWord/3+1), 0},
		{strings.Repeat("語", longestWord/3+1) + "\xe8", 1},
		{strings.Repeat("語", longestWord/3+1) + "\xe8\xaa", 2},
		{strings.Repeat("a", longestWord) + " b", 2},
		{"a b", 2},
		{"ab'", 3},
		{"1'", 1},
		{"12 ", 1},
		{"é\u0301", 4},
		{"a\xe8", 2}, // of which nobody knows yet what it is
	} {
		var g Growing
		g.Add(c.text)
		if g.Look(); len(g.rest) != c.rest {
			t.Errorf("%q: %d bytes wait, want %d", c.text, len(g.rest), c.rest)
		}
	}
	var g Growing
	if g.Add(strings.Repeat("hello world ", Most/12+1)); !g.Sampled() {
		t.Error("not sampled")
	}
}
