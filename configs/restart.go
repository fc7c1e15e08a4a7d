package configs

import (
	"reflect"
	"slices"
)

// atStart are the settings that are read at the start and never again, by the fields that
// hold them. Everything else follows a changed file.
var atStart = map[string]string{
	"Listen":         "listen",
	"RootPath":       "root_path",
	"LogLevel":       "log_level",
	"Database":       "database",
	"Durability":     "durability",
	"Orphans":        "orphans",
	"AdminKey":       "admin_key",
	"AdminCalls":     "admin_key_calls",
	"Admission":      "admission",
	"Front":          "front",
	"LimitStore":     "rate_limit_store",
	"LimitsDown":     "when_limits_are_down",
	"Metrics":        "metrics",
	"KeyHeader":      "key_header",
	"EndUserHeaders": "end_user_headers",
	"Compatibility":  "compatibility",
	"AsAsked":        "answer_model",
}

// AtNextStart names the settings in which next differs from c, with which the program was
// started, and that take effect at its next start only. They are in alphabetical order.
func (c *Config) AtNextStart(next *Config) []string {
	was, is := reflect.ValueOf(*c), reflect.ValueOf(*next)
	var names []string
	for field, name := range atStart {
		if !reflect.DeepEqual(was.FieldByName(field).Interface(), is.FieldByName(field).Interface()) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
