package share

import (
	"context"

	"github.com/sortkey/sortkey/web"
)

func (h *Handler) picture(ctx context.Context, r Request, id string) web.Answer {
	return refusal(404, "later")
}
