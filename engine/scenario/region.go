package scenario

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// Lines of a clock block on what lies between regions. They are written as the engine's steps print themselves.

// readBetween reads such a line; ok is false where it begins like none.
func readBetween(text string) (s engine.Step, ok bool, problem string) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return s, false, ""
	}
	switch words[0] {
	case "link":
		s.Link, problem = readLink(words)
	case "kill", "revive", "lose", "restore":
		s.Region, problem = readRegion(words)
	case "join", "deliver", "acknowledge":
		s.Peer, problem = readPeer(words)
	default:
		return s, false, ""
	}
	return s, true, problem
}

func readLink(words []string) (c engine.LinkStep, problem string) {
	problem = "expected a link such as link us-east-1 and eu-west-1 latency 420ms, or link us-east-1 to eu-west-1 cut"
	if len(words) < 5 || len(words) > 6 || words[2] != "to" && words[2] != "and" {
		return c, problem
	}
	c = engine.LinkStep{From: words[1], To: words[3], Both: words[2] == "and", What: words[4]}
	if len(words) == 6 {
		c.Value = words[5]
	}
	return c, checked(engine.Step{Link: c})
}

func readRegion(words []string) (c engine.RegionStep, problem string) {
	if len(words) < 2 || len(words) > 3 {
		return c, "expected a region and perhaps a zone, such as kill eu-west-1 or lose eu-west-1 a"
	}
	c = engine.RegionStep{What: words[0], Region: words[1]}
	if len(words) == 3 {
		c.Zone = words[2]
	}
	return c, checked(engine.Step{Region: c})
}

func readPeer(words []string) (c engine.PeerStep, problem string) {
	c.What = words[0]
	switch {
	case c.What == "join" && len(words) == 4:
		c.Table, c.Region, c.Peer = words[1], words[2], words[3]
	case c.What == "deliver" && len(words) == 2:
		text, err := base64.RawURLEncoding.DecodeString(words[1])
		if err != nil {
			return c, "expected deliver and a message in base64"
		}
		c.Message = string(text)
	case c.What == "acknowledge" && len(words) == 5:
		var bad, worse error
		c.Region, c.Peer = words[1], words[2]
		c.Epoch, bad = strconv.ParseUint(words[3], 10, 64)
		c.Number, worse = strconv.ParseUint(words[4], 10, 64)
		if bad != nil || worse != nil {
			return c, "expected acknowledge, two regions, an epoch and a number"
		}
	default:
		return c, "expected join, a table and two regions; deliver and a message; or acknowledge, two regions, an epoch and a number"
	}
	return c, checked(engine.Step{Peer: c})
}

// checked is what is wrong with a step by itself: what a history would not read either.
func checked(s engine.Step) (problem string) {
	if _, err := engine.ParseStep(s.Append(nil)); err != nil {
		return err.Error()
	}
	return ""
}
