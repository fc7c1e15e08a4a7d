package openai

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"tollgate/accounting"
	"tollgate/providers"
	"tollgate/providers/wire"
)

// decodeImages reads an answer with images. Where there is no usage their number is.
func decodeImages(c *codec, call providers.Call, _ string, body []byte) (providers.Answer, error) {
	answer, err := answerOf(body, "data", gjson.Result.IsArray)
	if err != nil {
		return providers.Answer{}, err
	}
	data, _ := answer.Get("data")
	v, _ := answer.Get("usage")
	u, doubt := c.imageUsage(call, v, data.Get("#").Int())
	return providers.Answer{Body: body, Usage: u, Doubt: doubt}, nil
}

// imageUsage reads the usage of so many images. What is not told apart of the output is
// images: nothing else is written.
func (c *codec) imageUsage(call providers.Call, v gjson.Result, images int64) (*accounting.Usage, providers.Doubt) {
	u, doubt := c.usage(call.Operation, v)
	if u == nil {
		if images == 0 {
			return nil, doubt
		}
		u = &accounting.Usage{}
	}
	if u[accounting.ImageOutput] == 0 {
		u[accounting.ImageOutput], u[accounting.Output] = u[accounting.Output], 0
	}
	u[accounting.Images] = images
	return u, doubt
}

// isCompleted says that an event has a finished image.
func isCompleted(name string) bool { return strings.HasSuffix(name, ".completed") }

// imageEvents reads the events of images as they are made. Each that is finished has its
// own usage. The last of as many as were asked for ends the answer.
func imageEvents(c *codec, call providers.Call) func(string, []byte) (providers.Event, error) {
	most, done := int64(1), int64(0)
	if call.Form != nil {
		if n, ok := call.Form.Get("n"); ok {
			if v, err := strconv.ParseInt(n, 10, 64); err == nil {
				most = v
			}
		}
	} else if n, _ := call.Body.Get("n"); n.Type == gjson.Number {
		most = n.Int()
	}
	var sum accounting.Usage
	return func(name string, data []byte) (providers.Event, error) {
		o, err := mediaEvent(data)
		if err != nil {
			return providers.Event{}, err
		}
		e := providers.Event{Data: data}
		if isCompleted(name) || isCompleted(o.Text("type")) {
			done++
			v, _ := o.Get("usage")
			one, doubt := c.imageUsage(call, v, 1)
			for m, n := range one {
				sum[m] += n
			}
			u := sum
			e.Usage, e.Doubt, e.Last = &u, doubt, done == most
		}
		return e, nil
	}
}

// decodeRanking reads the answer of a rerank or a score: an object with results, or, of
// SGLang, the results themselves.
func decodeRanking(c *codec, call providers.Call, _ string, body []byte) (providers.Answer, error) {
	if text := bytes.TrimSpace(body); len(text) > 0 && text[0] == '[' && gjson.ValidBytes(text) {
		return providers.Answer{Body: body}, nil
	}
	answer, err := wire.ParseObject(body)
	if err != nil {
		return providers.Answer{}, badAnswer("not an answer", body)
	}
	list := "results"
	if call.Operation == providers.Score {
		list = "data"
		if _, has := answer.Get("scores"); has { // SGLang
			list = "scores"
		}
	}
	if _, err := answerOf(body, list, gjson.Result.IsArray); err != nil {
		return providers.Answer{}, err
	}
	out := providers.Answer{Body: body, Model: answer.Text("model")}
	v, _ := answer.Get("usage")
	out.Usage, out.Doubt = c.usage(call.Operation, v)
	meta, _ := answer.Get("meta")
	billed := readUsage(meta.Get("billed_units"))
	units, has := billed.count(path{"search_units", ""})
	if billed.bad {
		out.Doubt = providers.BadUsage
	}
	if has && units > 0 {
		if out.Usage == nil {
			out.Usage = &accounting.Usage{}
		}
		out.Usage[accounting.Searches] = units
	}
	return out, nil
}
