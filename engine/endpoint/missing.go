package endpoint

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"

	"github.com/sortkey/sortkey/engine"
)

// explainMissing logs the commonest surprise of a local endpoint: the table is
// there, but in another region than the client is configured for.
func (p *Endpoint) explainMissing(call engine.Call, reply engine.Reply) {
	if !bytes.Contains(reply.Body, []byte("#ResourceNotFoundException")) {
		return
	}
	asked := call.Region
	if asked == "" {
		asked = p.region
	}
	for _, table := range tablesNamed(call.Body) {
		if found := p.engine.RegionsWith(table); len(found) > 0 && !slices.Contains(found, asked) {
			p.log.Warn("table is in another region than the request's credentials name",
				slog.String("table", table), slog.String("asked", asked),
				slog.String("found", strings.Join(found, ", ")))
		}
	}
}

// tablesNamed returns the table names of a request that the engine has parsed
// already, so that it is known to be shallow JSON.
func tablesNamed(body []byte) []string {
	var request struct {
		TableName    string
		RequestItems map[string]json.RawMessage
	}
	if json.Unmarshal(body, &request) != nil {
		return nil
	}
	var names []string
	if request.TableName != "" {
		names = append(names, request.TableName)
	}
	for name := range request.RequestItems {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
