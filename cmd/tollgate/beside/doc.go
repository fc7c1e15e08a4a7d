// Package beside asks LiteLLM and tollgate the same requests and tells where their
// answers differ.
//
// `make beside` starts both with one configuration, testdata/litellm.yaml, before one
// scripted upstream, sends what testdata/requests/ lists, one file a group, and fails on each
// difference that testdata/expected.yaml does not explain. What LiteLLM answered is
// recorded in testdata/recorded/, so that tests can hold tollgate against it without
// LiteLLM at hand: those of cmd/tollgate do.
//
// The tests that run the programs have the build tag `beside` and read:
//
//	TOLLGATE_BIN              the built program (TestBeside)
//	TOLLGATE_BESIDE_LITELLM   the folder that litellm/install has filled
//	TOLLGATE_TEST_POSTGRES    of .ci/services; psql and pg_dump must be in PATH
//	TOLLGATE_BESIDE_GROUPS    compare only these groups, a list with commas
//	TOLLGATE_BESIDE_DUMP      a folder for what LiteLLM's database holds (TestRecord)
//	TOLLGATE_BESIDE_LOG       the beginning of the names of files for the programs' logs
//
// tollgate's own management face is new: a group of requests is compared from the day on
// that its file says so, `compared: true`.
//
// The package imports the standard library, YAML and the scripted upstream. It knows both
// programs by their HTTP faces and nothing of what is behind them.
package beside
