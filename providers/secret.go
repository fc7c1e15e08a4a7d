package providers

import (
	"fmt"
	"log/slog"
)

// Secret is a credential for an upstream. However it is printed, logged or
// marshalled, it shows nothing; [Secret.Reveal] is the one way to the value.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value, to be put in an upstream's header and nowhere else.
func (s Secret) Reveal() string { return s.value }

// IsZero says that there is no value.
func (s Secret) IsZero() bool { return s.value == "" }

const redacted = "[redacted]"

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s Secret) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
