package scenario

import (
	"strings"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// setTo gives a setting a value as a document writes it: durations in the
// notation of documents. text is the value as the engine reads it.
func setTo(s *engine.Settings, x engine.Setting, value string) (text, problem string) {
	if !x.IsFlag() && !x.IsNumber() {
		d, problem := parseDuration(value)
		if problem != "" {
			return "", problem
		}
		value = d.String()
	}
	if err := x.Set(s, value); err != nil {
		return "", err.Error()
	}
	return x.Text(*s), ""
}

// settingText is a setting's value, which the engine wrote, in a document's
// notation.
func settingText(x engine.Setting, text string) string {
	if d, err := time.ParseDuration(text); err == nil && !x.IsFlag() && !x.IsNumber() {
		return formatDuration(d)
	}
	return text
}

// readSet reads what follows the word set: a setting's name and its value.
func readSet(text string) (c engine.Change, problem string) {
	name, value, _ := strings.Cut(strings.TrimSpace(text), " ")
	x, ok := engine.SettingNamed(name)
	if !ok {
		names := make([]string, 0, 8)
		for _, x := range engine.SettingList() {
			names = append(names, x.Name)
		}
		return c, "expected set, a name and a value, such as set transition 5s; there are " + strings.Join(names, ", ")
	}
	value, problem = setTo(&engine.Settings{}, x, strings.TrimSpace(value))
	return engine.Change{Name: name, Value: value}, problem
}

// setLine is the line of a clock block that changes a setting.
func setLine(c engine.Change) string {
	x, _ := engine.SettingNamed(c.Name)
	return "set " + c.Name + " " + settingText(x, c.Value)
}
