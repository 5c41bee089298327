package share

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/sortkey/sortkey/components"
	"github.com/sortkey/sortkey/engine/scenario"
	"github.com/sortkey/sortkey/web"
	"github.com/sortkey/sortkey/web/page"
)

// page answers with the page of a document: complete, and what the engine in
// the tab will go on from.
func (h *Handler) page(ctx context.Context, r Request, id string) page.Answer {
	assets, err := h.assets(ctx)
	if err != nil {
		return h.failure(err)
	}
	tag := `"` + id + "-" + edition(assets) + `"`
	if isID(id) && r.has(tag) {
		return tagged(page.Answer{Status: 304}, tag, recheck)
	}
	doc, text, err := h.read(ctx, id)
	if err == errMissing {
		return missing(ctx, assets)
	}
	var desk *web.Desk
	if err == nil {
		desk, err = h.open(doc, assets)
	}
	if err != nil {
		return h.failure(err)
	}
	address := r.Site + "/s/" + id
	var content bytes.Buffer
	err = desk.RenderShared(ctx, &content, components.Shared{
		Text: text, Source: "../api/scenarios/" + id, Description: description(doc, desk),
		Address: address, Image: address + ".png",
	})
	if err != nil {
		return h.failure(err)
	}
	return tagged(answer(200, html, content.Bytes()), tag, recheck)
}

const html = "text/html; charset=utf-8"

// read loads a document and parses it.
func (h *Handler) read(ctx context.Context, id string) (*scenario.Document, string, error) {
	text, err := h.find(ctx, id)
	if err != nil {
		return nil, "", err
	}
	doc, err := scenario.Parse([]byte(text))
	return doc, text, err
}

// missing is a page for those who followed a link that leads nowhere.
func missing(ctx context.Context, assets map[string]string) page.Answer {
	var content bytes.Buffer
	if err := components.Missing(components.Page{Assets: assets}).Render(ctx, &content); err != nil {
		return refusal(404, "There is no scenario at this address.")
	}
	w := answer(404, html, content.Bytes())
	w.Header = append(w.Header, [2]string{"Cache-Control", "no-store"})
	return w
}

// assets are the site's files as seen from a page one folder down.
func (h *Handler) assets(ctx context.Context) (map[string]string, error) {
	list, err := h.config.Assets(ctx)
	if err != nil {
		return nil, fmt.Errorf("share: the site's list of files: %w", err)
	}
	down := make(map[string]string, len(list))
	for name, file := range list {
		down[name] = path.Join("..", file)
	}
	return down, nil
}

// edition names a build of the site: another one paints pages anew.
func edition(assets map[string]string) string {
	files := make([]string, 0, len(assets))
	for _, file := range assets {
		files = append(files, file)
	}
	sort.Strings(files)
	return digest(strings.Join(files, " "))[:8]
}

// description is the first paragraph that the author wrote, and what is on
// the desk.
func description(doc *scenario.Document, desk *web.Desk) string {
	words := desk.Preview().String()
	if said := firstParagraph(doc); said != "" {
		words = said + " " + words
	}
	return words
}

// firstParagraph is plain text out of the document's Markdown, at most about
// 200 bytes of it.
func firstParagraph(doc *scenario.Document) string {
	for _, b := range doc.Blocks {
		if b.Kind != scenario.Prose {
			continue
		}
		for paragraph := range strings.SplitSeq(b.Text, "\n\n") {
			paragraph = strings.Join(strings.Fields(paragraph), " ")
			if paragraph != "" && !strings.ContainsAny(paragraph[:1], "#>|`~<-*") {
				return shorten(strings.NewReplacer("`", "", "**", "", "__", "").Replace(paragraph), 200)
			}
		}
	}
	return ""
}

// shorten cuts a text between words.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if cut := strings.LastIndexByte(s[:most], ' '); cut > 0 {
		return s[:cut] + " …"
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
