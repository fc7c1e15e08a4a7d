package toll

import (
	"slices"

	"tollgate/accounting"
	"tollgate/accounting/tokens"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// What a call is taken for in tokens where its upstream bills them and does not tell
// how many they were. The hold has the most that a model is known to make of it.
const (
	heardTokens    = 25 // of a second of sound that is listened to
	mostHeard      = 40
	writtenTokens  = 10 // of what is said in a second, at most
	spokenTokens   = 2  // of sound for a character that is spoken
	mostSpoken     = 4
	secondInMillis = 1000
)

// tokenMeters are what a call can be billed by beside its units.
var tokenMeters = []accounting.Meter{accounting.Input, accounting.AudioInput, accounting.ImageInput, accounting.Output, accounting.AudioOutput, accounting.ImageOutput}

// bills says whether the price has a rate above zero for one of the meters.
func (p *plan) bills(meters ...accounting.Meter) bool {
	return slices.ContainsFunc(meters, func(m accounting.Meter) bool { r, _ := p.price.Rate(m); return r > 0 })
}

// mostUnits puts into a usage the most that a call can come to which is not bounded by
// its text alone. It says whether that is all.
func (p *plan) mostUnits(u *accounting.Usage) bool {
	asked := p.call.Params.Units
	switch p.call.Operation {
	case providers.Transcriptions, providers.Translations:
		u[accounting.AudioInput] = perSecond(asked.MillisMost, mostHeard)
		u[accounting.Output] = perSecond(asked.MillisMost, writtenTokens)
		u[accounting.Milliseconds] = asked.MillisMost
		return true
	case providers.Speech:
		u[accounting.Characters] = asked.Characters
		u[accounting.AudioOutput] = mostSpoken * asked.Characters
	case providers.ImageGenerations, providers.ImageEdits, providers.ImageVariations:
		u[accounting.Images] = asked.Images
		u[accounting.ImageInput] = asked.ImagesIn * wire.ImageInTokens
		u[accounting.ImageOutput] = asked.Images * asked.ImageTokens
	default:
		return false
	}
	u[accounting.Milliseconds] = p.dep.Provider.FirstByte.Milliseconds() // a rented machine, as of other calls
	return true
}

// What is believed at most of what is not counted in tokens: of a recording a minute more than
// it can last, since vendors round up or have a least, and what no call can ask for.
const (
	mostLonger   = 60 * secondInMillis
	mostSearches = 1000 // by a model; a ranking has ten times what its documents come to by their bytes
	mostRankings = 10
)

// tooMany says that a usage has more of something else than tokens than the call can have used.
func (p *plan) tooMany(u accounting.Usage) bool {
	searches := int64(mostSearches)
	switch p.call.Operation {
	case providers.Transcriptions, providers.Translations:
		if u[accounting.Milliseconds] > p.call.Params.Units.MillisMost+mostLonger {
			return true
		}
	case providers.Rerank, providers.Score:
		searches = mostRankings * max(p.call.Params.Searches, 1)
	}
	return u[accounting.Searches] > searches || u[accounting.Images] > wire.MaxChoices
}

func perSecond(ms, tokens int64) int64 {
	return (ms*tokens + secondInMillis - 1) / secondInMillis
}

// units is the usage of a call that has more to it than its text, and who counted it: what
// the upstream reported, and of what is billed and was not reported what the request
// tells. ok is false for calls of text.
func (m *meter) units(guessed accounting.Source) (u accounting.Usage, source accounting.Source, ok bool) {
	p, asked := m.plan, m.plan.call.Params.Units
	if m.refused {
		asked.Images, asked.Characters = 0, 0
	}
	source = guessed
	if m.reported != nil {
		u, source = *m.reported, accounting.Reported
	}
	// Nobody tells tokens that were not reported: they are estimated.
	rough := guessed
	if rough == accounting.Counted {
		rough = accounting.Estimated
	}
	noTokens := u.InputTokens()+u.OutputTokens() == 0 && p.bills(tokenMeters...)
	u[accounting.Requests] = 1
	elapsed := max(m.toll.now().Sub(m.began).Milliseconds(), 1)
	switch p.call.Operation {
	case providers.Transcriptions, providers.Translations:
		length := u[accounting.Milliseconds]
		if length == 0 {
			length = asked.Millis
			if billed := p.bills(accounting.Milliseconds); billed || m.reported == nil {
				u[accounting.Milliseconds], source = length, rough
			}
		}
		if noTokens {
			u[accounting.AudioInput] = perSecond(length, heardTokens)
			u[accounting.Output], source = m.text.Tokens(), rough
		}
	case providers.Speech:
		u[accounting.Characters], u[accounting.Milliseconds] = asked.Characters, elapsed
		if noTokens {
			input, _ := p.call.Body.Get("input")
			u[accounting.Input] = m.tokens(input.String())
			u[accounting.AudioOutput], source = spokenTokens*asked.Characters, rough
		}
	case providers.ImageGenerations, providers.ImageEdits, providers.ImageVariations:
		if u[accounting.Images] == 0 {
			u[accounting.Images] = asked.Images
		}
		u[accounting.Milliseconds] = elapsed
		if noTokens {
			u[accounting.Input] = m.tokens(m.imagePrompt())
			u[accounting.ImageInput] = asked.ImagesIn * wire.ImageInTokens
			u[accounting.ImageOutput], source = u[accounting.Images]*asked.ImageTokens, rough
		}
	case providers.Rerank, providers.Score:
		u[accounting.Milliseconds] = elapsed
		noSearches := u[accounting.Searches] == 0 && p.bills(accounting.Searches)
		if noTokens || noSearches || m.reported == nil {
			input, searches := m.ranking()
			if noTokens || m.reported == nil {
				u[accounting.Input], source = input, guessed
			}
			if noSearches {
				u[accounting.Searches], source = searches, rough // how long documents are split is the upstream's affair
			}
		}
	default:
		return accounting.Usage{}, "", false
	}
	return u, source, true
}

func (m *meter) imagePrompt() string {
	if form := m.plan.call.Form; form != nil {
		prompt, _ := form.Get("prompt")
		return prompt
	}
	return wire.PromptText(m.plan.call.Body)
}

// ranking counts the tokens of the pairs that are compared, and what Cohere bills as
// searches.
func (m *meter) ranking() (input, searches int64) {
	query, documents := wire.Ranking(m.plan.call.Body)
	if len(query) == 0 {
		return 0, 0
	}
	count := m.countOf(query, documents)
	asked := make([]int64, len(query))
	for i, q := range query {
		asked[i] = count(q)
	}
	chunks := int64(0)
	for i, d := range documents {
		n := count(d)
		input += asked[min(i, len(asked)-1)] + n
		chunks += wire.Chunks(n)
	}
	return input, (chunks + wire.SearchUnit - 1) / wire.SearchUnit
}

// countOf returns how tokens of texts are counted: each by itself, or where they are long
// in all, by a part of them and each one's length.
func (m *meter) countOf(lists ...[]string) func(string) int64 {
	size := int64(0)
	for _, list := range lists {
		for _, text := range list {
			size += int64(len(text))
		}
	}
	if size <= tokens.Most {
		return tokens.Count
	}
	m.sampled = true
	c := tokens.NewCounter(size, tokens.Most)
	for _, list := range lists {
		for _, text := range list {
			_, _ = c.WriteString(text) // it never fails
		}
	}
	n := c.Tokens()
	return func(text string) int64 { return (int64(len(text))*n + size - 1) / size }
}
