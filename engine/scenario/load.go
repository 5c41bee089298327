package scenario

import (
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// readLoad reads what follows the word load: a name and options.
func readLoad(text string) (l engine.Load, problem string) {
	l, err := engine.ParseLoad(text)
	if err != nil {
		return l, err.Error()
	}
	return l, ""
}

// readStop reads what follows the word stop: the name of a load, and a region if
// it is not the document's.
func readStop(text string) (n engine.LoadName, problem string) {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 2 || !engine.ValidHold(words[0]) {
		return n, "expected stop and the name of a load, such as stop morning, and perhaps a region"
	}
	n.Name = words[0]
	if len(words) == 2 {
		n.Region = words[1]
	}
	return n, ""
}

// asked is how many requests the loads make that a block starts.
func (b *Block) asked() (n int) {
	for _, t := range b.Ticks {
		if l := t.step.Load; l.Name != "" {
			n += int(l.Requests())
		}
	}
	return n
}
