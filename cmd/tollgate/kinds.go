package main

import (
	"tollgate/providers"
	"tollgate/providers/echo"
	"tollgate/providers/ollama"
	"tollgate/providers/openai"
)

// kinds is every kind of provider that an operator can name.
func kinds() []providers.Kind {
	native := ollama.Kind()
	native.Beside = openai.BesideOllama()
	return append(openai.Kinds(), native, providers.Kind{
		Name: "echo", Codec: openai.New(openai.Quirks{}), Local: true, Transport: echo.Transport(),
	})
}
