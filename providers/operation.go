package providers

// Operation is one thing that a client can ask of a model. [Operation.Spec] says what
// it is.
type Operation uint8

// The operations of the data plane.
const (
	Chat Operation = iota + 1
	Completions
	Embeddings

	Responses
	ResponsesCompact
	ResponsesInputTokens
	// The next four are about a response that an upstream keeps: [Call.Response].
	ResponsesGet
	ResponsesCancel
	ResponsesDelete
	ResponsesInputItems

	Messages
	CountTokens

	Transcriptions
	Translations
	Speech
	ImageGenerations
	ImageEdits
	ImageVariations
	Moderations
	Rerank
	Score
	Tokenize
	Detokenize
)

// Surface is a family of operations whose requests, errors and streams look alike to
// clients.
type Surface uint8

// The surfaces.
const (
	OpenAI    Surface = iota // OpenAI's shape, and everything that has no other
	Anthropic                // Anthropic's messages
)

// End says how a stream of an operation ends for the client.
type End uint8

// The ends of streams.
const (
	NoStream End = iota // the operation has no streams
	DoneMark            // `data: [DONE]`, which whoever writes to the client adds
	LastWord            // an event of the upstream's that says so: nothing is added to it
)

// Spec is what an operation is, the same at every upstream that has it.
type Spec struct {
	Name   string // as paths, logs and reports have it
	Method string // of the request to the upstream
	// Path is where OpenAI's dialect has it, below the base URL; {id} stands for the
	// upstream's id of a kept response. Where an operation is outside /v1, Root is set.
	Path string
	Root bool
	// Surface says in which shape clients get errors.
	Surface Surface
	// Output says that the model writes tokens, which a cap may bound.
	Output bool
	// Costs says that a vendor may charge for it. What does not cost is never held for
	// and never booked, whatever the deployment's price; it is for its callers only, and
	// rate limits count it.
	Costs bool
	// Form says that the request is a multipart form.
	Form bool
	// JSON says that the request may be a JSON object, too, where it is a form.
	JSON bool
	// Whole says that an upstream may answer in one piece though a stream was asked for.
	Whole bool
	// End says how its stream ends.
	End End
}

// specs is the one table of operations.
var specs = [...]Spec{
	Chat:        {Name: "chat", Path: "/chat/completions", Output: true, Costs: true, End: DoneMark},
	Completions: {Name: "completions", Path: "/completions", Output: true, Costs: true, End: DoneMark},
	Embeddings:  {Name: "embeddings", Path: "/embeddings", Costs: true},

	Responses:            {Name: "responses", Path: "/responses", Output: true, Costs: true, End: LastWord},
	ResponsesCompact:     {Name: "responses_compact", Path: "/responses/compact", Output: true, Costs: true},
	ResponsesInputTokens: {Name: "responses_input_tokens", Path: "/responses/input_tokens"},
	ResponsesGet:         {Name: "responses_get", Method: "GET", Path: "/responses/{id}", End: LastWord},
	ResponsesCancel:      {Name: "responses_cancel", Path: "/responses/{id}/cancel"},
	ResponsesDelete:      {Name: "responses_delete", Method: "DELETE", Path: "/responses/{id}"},
	ResponsesInputItems:  {Name: "responses_input_items", Method: "GET", Path: "/responses/{id}/input_items"},

	Messages:    {Name: "messages", Path: "/messages", Surface: Anthropic, Output: true, Costs: true, End: LastWord},
	CountTokens: {Name: "count_tokens", Path: "/messages/count_tokens", Surface: Anthropic},

	Transcriptions:   {Name: "transcriptions", Path: "/audio/transcriptions", Costs: true, Form: true, Whole: true, End: LastWord},
	Translations:     {Name: "translations", Path: "/audio/translations", Costs: true, Form: true, Whole: true, End: LastWord},
	Speech:           {Name: "speech", Path: "/audio/speech", Costs: true, Whole: true, End: LastWord},
	ImageGenerations: {Name: "image_generations", Path: "/images/generations", Costs: true, Whole: true, End: LastWord},
	ImageEdits:       {Name: "image_edits", Path: "/images/edits", Costs: true, Form: true, JSON: true, Whole: true, End: LastWord},
	ImageVariations:  {Name: "image_variations", Path: "/images/variations", Costs: true, Form: true},
	Moderations:      {Name: "moderations", Path: "/moderations"},
	Rerank:           {Name: "rerank", Path: "/rerank", Costs: true},
	Score:            {Name: "score", Path: "/score", Costs: true},
	Tokenize:         {Name: "tokenize", Path: "/tokenize", Root: true},
	Detokenize:       {Name: "detokenize", Path: "/detokenize", Root: true},
}

// Operations lists all of them in order.
func Operations() []Operation {
	var all []Operation
	for op := Chat; op.known(); op++ {
		all = append(all, op)
	}
	return all
}

func (o Operation) known() bool { return o > 0 && int(o) < len(specs) }

// Spec says what the operation is. An unknown one has no name, costs, and is nowhere.
func (o Operation) Spec() Spec {
	if !o.known() {
		return Spec{Costs: true}
	}
	s := specs[o]
	if s.Method == "" {
		s.Method = "POST"
	}
	return s
}

// Output says that the model writes tokens.
func (o Operation) Output() bool { return o.known() && specs[o].Output }

// Costs says that a vendor may charge for the operation.
func (o Operation) Costs() bool { return !o.known() || specs[o].Costs }

// Kept says that the operation is about a response that an upstream keeps.
func (o Operation) Kept() bool { return o >= ResponsesGet && o <= ResponsesInputItems }

// String names the operation as paths, logs and reports have it.
func (o Operation) String() string {
	if !o.known() {
		return "unknown"
	}
	return specs[o].Name
}
