package scenario

import (
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// readSplit reads what follows the word split: a table, the number of a
// partition (0 is the first), and a region if it is not the document's.
func readSplit(text string) (p engine.Split, problem string) {
	words := strings.Fields(text)
	n := -1
	if len(words) == 2 || len(words) == 3 {
		n, _ = strconv.Atoi(words[1])
	}
	if n < 0 || n == 0 && words[1] != "0" {
		return p, "expected split, a table and the number of a partition, such as split Orders 0, and perhaps a region"
	}
	p = engine.Split{Table: words[0], Partition: n}
	if len(words) == 3 {
		p.Region = words[2]
	}
	return p, ""
}

// splitLine is the line of a clock block that splits a partition.
func splitLine(p engine.Split) string {
	return strings.TrimSpace("split " + p.Table + " " + strconv.Itoa(p.Partition) + " " + p.Region)
}
