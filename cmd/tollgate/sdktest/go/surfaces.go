package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/responses"
)

func createResponse(ctx context.Context) error {
	c, _ := client()
	r, err := c.Responses.New(ctx, responses.ResponseNewParams{Model: "responses", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("hi")}})
	if err != nil {
		return err
	}
	again, err := c.Responses.Get(ctx, r.ID, responses.ResponseGetParams{})
	if err != nil {
		return err
	}
	return errors.Join(equal("text", r.OutputText(), "hello"), equal("input", r.Usage.InputTokens, int64(10)),
		equal("id", again.ID, r.ID), equal("text that was kept", again.OutputText(), "hello"))
}

func streamResponse(ctx context.Context) error {
	c, _ := client()
	s := c.Responses.NewStreaming(ctx, responses.ResponseNewParams{Model: "responses-stream", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("hi")}})
	var text string
	var last responses.ResponseStreamEventUnion
	for s.Next() {
		if last = s.Current(); last.Type == "response.output_text.delta" {
			text += last.Delta
		}
	}
	return errors.Join(s.Err(), equal("text", text, "one two three"), equal("last", last.Type, "response.completed"),
		equal("output", last.Response.Usage.OutputTokens, int64(5)))
}

// cutResponse is shown, before the error, as failed.
func cutResponse(ctx context.Context) error {
	c, _ := client()
	s := c.Responses.NewStreaming(ctx, responses.ResponseNewParams{Model: "responses-cut", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("hi")}})
	var created, failed responses.Response
	for s.Next() {
		switch e := s.Current(); e.Type {
		case "response.created":
			created = e.Response
		case "response.failed":
			failed = e.Response
		}
	}
	return errors.Join(equal("id", failed.ID, created.ID), equal("status", string(failed.Status), "failed"), equal("code", string(failed.Error.Code), "server_error"))
}

func recording() io.Reader {
	return openai.File(strings.NewReader("RIFF\x00\xff\r\n\r\n--"), "a.wav", "audio/wav")
}

func transcription(ctx context.Context) error {
	c, _ := client()
	r, err := c.Audio.Transcriptions.New(ctx, openai.AudioTranscriptionNewParams{Model: "hear", File: recording()})
	if err != nil {
		return err
	}
	return errors.Join(equal("text", r.Text, "one two"), equal("input", r.Usage.InputTokens, int64(10)))
}

func transcriptionStream(ctx context.Context) error {
	c, _ := client()
	s := c.Audio.Transcriptions.NewStreaming(ctx, openai.AudioTranscriptionNewParams{Model: "hear", File: recording()})
	var text string
	var last openai.TranscriptionStreamEventUnion
	for s.Next() {
		if last = s.Current(); last.Type == "transcript.text.delta" {
			text += last.Delta
		}
	}
	return errors.Join(s.Err(), equal("text", text, "one two"), equal("last", last.Type, "transcript.text.done"), equal("all of it", last.Text, "one two"))
}

func translation(ctx context.Context) error {
	c, _ := client()
	r, err := c.Audio.Translations.New(ctx, openai.AudioTranslationNewParams{Model: "hear", File: recording()})
	if err != nil {
		return err
	}
	return equal("text", r.Text, "one two")
}

func speech(ctx context.Context) error {
	c, _ := client()
	res, err := c.Audio.Speech.New(ctx, openai.AudioSpeechNewParams{Model: "say", Input: "hello", Voice: openai.AudioSpeechNewParamsVoiceUnion{OfString: openai.String("alloy")}})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	sound, err := io.ReadAll(res.Body)
	return errors.Join(err, equal("bytes", len(sound), 250_000), hold(strings.HasPrefix(string(sound), "RIFF\x00\xff"), "other bytes"),
		equal("type", res.Header.Get("Content-Type"), "audio/mpeg"))
}

func images(ctx context.Context) error {
	c, _ := client()
	r, err := c.Images.Generate(ctx, openai.ImageGenerateParams{Model: "draw", Prompt: "a cat", N: openai.Int(2)})
	if err != nil {
		return err
	}
	return errors.Join(equal("images", len(r.Data), 2), equal("image", r.Data[0].B64JSON, "AAAA"), equal("output", r.Usage.OutputTokens, int64(5)))
}

func imagesStream(ctx context.Context) error {
	c, _ := client()
	s := c.Images.GenerateStreaming(ctx, openai.ImageGenerateParams{Model: "draw", Prompt: "a cat", PartialImages: openai.Int(1)})
	var kinds []string
	size := 0
	for s.Next() {
		kinds, size = append(kinds, s.Current().Type), len(s.Current().B64JSON)
	}
	return errors.Join(s.Err(), equal("events", kinds, []string{"image_generation.partial_image", "image_generation.completed"}), equal("bytes", size, 200_000))
}

func imagesEdit(ctx context.Context) error {
	c, _ := client()
	r, err := c.Images.Edit(ctx, openai.ImageEditParams{Model: "draw", Prompt: "a dog",
		Image: openai.ImageEditParamsImageUnion{OfFile: openai.File(strings.NewReader("\x89PNG\x00"), "a.png", "image/png")}})
	if err != nil {
		return err
	}
	return errors.Join(equal("images", len(r.Data), 1), equal("image", r.Data[0].B64JSON, "AAAA"))
}

func moderations(ctx context.Context) error {
	c, _ := client()
	r, err := c.Moderations.New(ctx, openai.ModerationNewParams{Model: "judge", Input: openai.ModerationNewParamsInputUnion{OfString: openai.String("hi")}})
	if err != nil {
		return err
	}
	return errors.Join(equal("results", len(r.Results), 1), equal("flagged", r.Results[0].Flagged, false))
}
