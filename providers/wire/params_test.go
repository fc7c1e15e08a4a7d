package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestReadParams: what is read of a request for chat, completions or embeddings, at the edges
// of each field. What stands as it should not is refused, or left for the upstream to refuse.
func TestReadParams(t *testing.T) {
	audio := strings.Repeat("A", 100_000)
	inline := func(key, value string) string {
		return fmt.Sprintf(`{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"x",%q:%s}]}]}`, key, value)
	}
	for body, is := range map[string]func(Params) bool{
		`{"model":"` + strings.Repeat("m", MaxModelName) + `"}`:                        func(p Params) bool { return len(p.Model) == MaxModelName && p.Choices == 1 && p.OutputCap == 0 },
		`{"model":"m","stream":true}`:                                                  func(p Params) bool { return p.Stream },
		`{"model":"m","stream":false}`:                                                 func(p Params) bool { return !p.Stream },
		`{"model":"m","stream":null}`:                                                  func(p Params) bool { return !p.Stream },
		`{"model":"m","stream_options":{"include_usage":true}}`:                        func(p Params) bool { return p.WantUsage },
		`{"model":"m","stream_options":{"include_usage":"true"}}`:                      func(p Params) bool { return !p.WantUsage },
		`{"model":"m","stream_options":{"include_usage":false}}`:                       func(p Params) bool { return !p.WantUsage },
		`{"model":"m","stream_options":[true]}`:                                        func(p Params) bool { return !p.WantUsage },
		`{"model":"m","max_tokens":5,"max_completion_tokens":7,"max_output_tokens":6}`: func(p Params) bool { return p.OutputCap == 7 },
		fmt.Sprintf(`{"model":"m","max_tokens":%d}`, MaxOutputCap):                     func(p Params) bool { return p.OutputCap == MaxOutputCap },
		`{"model":"m","max_tokens":1e3,"n":1.0}`:                                       func(p Params) bool { return p.OutputCap == 1000 && p.Choices == 1 },
		`{"model":"m","max_tokens":0}`:                                                 func(p Params) bool { return p.OutputCap == 1 },
		`{"model":"m","max_tokens":0,"max_completion_tokens":7}`:                       func(p Params) bool { return p.OutputCap == 7 },
		`{"model":"m","max_tokens":null,"n":null}`:                                     func(p Params) bool { return p.OutputCap == 0 && p.Choices == 1 },
		fmt.Sprintf(`{"model":"m","n":2,"best_of":%d}`, MaxChoices):                    func(p Params) bool { return p.Choices == MaxChoices },
		`{"model":"m","prompt":["a","b","c"],"n":2}`:                                   func(p Params) bool { return p.Choices == 6 },
		`{"model":"m","prompt":[1,2,3],"n":2}`:                                         func(p Params) bool { return p.Choices == 2 },
		`{"model":"m","prompt":[[1,2],[3]],"n":2}`:                                     func(p Params) bool { return p.Choices == 4 },
		`{"model":"m","prompt":["a",1],"n":2}`:                                         func(p Params) bool { return p.Choices == 4 },
		`{"model":"m","modalities":["text","audio"]}`:                                  func(p Params) bool { return p.AudioOut },
		`{"model":"m","modalities":["text"]}`:                                          func(p Params) bool { return !p.AudioOut },
		`{"model":"m","modalities":"audio"}`:                                           func(p Params) bool { return !p.AudioOut },
		`{"model":"m","service_tier":"flex"}`:                                          func(p Params) bool { return p.ServiceTier == "flex" },
		inline("input_audio", `{"data":"https://e.org/a"}`):                            func(p Params) bool { return len(p.Media) == 1 && p.AudioIn },
		inline("input_audio", `{"url":"https://e.org/a"}`):                             func(p Params) bool { return len(p.Media) == 1 && p.AudioIn },
		inline("video", `"https://e.org/a"`):                                           func(p Params) bool { return len(p.Media) == 1 },
		inline("video", `"AAAA"`):                                                      func(p Params) bool { return len(p.Media) == 0 },
		inline("image", `"AAAA"`):                                                      func(p Params) bool { return len(p.Media) == 0 },
		inline("video_url", `"AAAA"`):                                                  func(p Params) bool { return len(p.Media) == 1 },
		inline("another", `"https://e.org/a"`):                                         func(p Params) bool { return len(p.Media) == 0 },
		`{"model":"m","echo":true}`:                                                    func(p Params) bool { return p.Echo },
		`{"model":"m","echo":false}`:                                                   func(p Params) bool { return !p.Echo },
		`{"model":"m","user":"u"}`:                                                     func(p Params) bool { return p.EndUser == "u" },
		`{"model":"m","user":"u","safety_identifier":"s"}`:                             func(p Params) bool { return p.EndUser == "u" },
		`{"model":"m","safety_identifier":"s"}`:                                        func(p Params) bool { return p.EndUser == "s" },
		`{"model":"m","web_search_options":{}}`:                                        func(p Params) bool { return p.Searches == 1 },
		`{"model":"m","web_search_options":null}`:                                      func(p Params) bool { return p.Searches == 0 },
		inline("input_audio", `{"data":"`+audio+`","format":"wav"}`):                   func(p Params) bool { return p.AudioIn && p.InputBound > 1000 && p.InputBound < 1200 },
		inline("input_audio", `{"format":"`+audio+`","data":""}`):                      func(p Params) bool { return p.AudioIn && p.InputBound > 100_000 },
		inline("image_url", `{"url":"DATA:image/png;base64,`+audio+`"}`): func(p Params) bool {
			return len(p.Media) == 0 && p.InputBound > imageTokens && p.InputBound < imageTokens+200
		},
		inline("image_url", `{"detail":"`+audio+`","url":"https://e.org/a"}`): func(p Params) bool { return len(p.Media) == 1 && p.InputBound > 100_000+imageTokens },
	} {
		if p, err := ReadParams(objectOf(t, body)); err != nil || !is(p) {
			t.Errorf("%.120s: %+v %v", body, p, err)
		}
	}
	for _, body := range []string{`{"model":"` + strings.Repeat("m", MaxModelName+1) + `"}`, `{"model":7}`, `{"model":"m","stream_options":{"a":1,"a":2}}`,
		fmt.Sprintf(`{"model":"m","max_tokens":%d}`, MaxOutputCap+1), fmt.Sprintf(`{"model":"m","n":%d}`, MaxChoices+1), `{"model":"m","n":"2"}`, `{"model":"m","n":[2]}`, `{"model":"m","n":1.5}`, `{"model":"m","best_of":0}`, `{"model":"m","n":true}`,
		`{"model":"m","max_tokens":-1}`, `{"model":"m","max_tokens":1.5}`, `{"model":"m","max_tokens":"5"}`, `{"model":"m","stream":"true"}`, `{"model":"m","stream":1}`, `{"model":"m","stream":[true]}`} {
		var field *ErrField
		if p, err := ReadParams(objectOf(t, body)); !errors.As(err, &field) {
			t.Errorf("%.120s: %+v %v", body, p, err)
		}
	}
	for _, body := range []string{`{}`, `{"model":null}`, `{"model":""}`, `{"Model":"m"}`} {
		if p, err := ReadParams(objectOf(t, body)); !errors.Is(err, ErrNoModel) {
			t.Errorf("%s: %+v %v", body, p, err)
		}
	}
}
