package emulator

import (
	"net/http"
	"slices"
	"time"
)

const notComplete = "Cannot delete this resource before it is complete"

// Linger keeps calls, messages and media from being deleted (20009) for so long
// after they are over. Twilio says that it can take up to 14 days. At first they
// can be deleted at once.
func (e *Emulator) Linger(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.linger = d
}

// undeletable returns the error of deleting what is not over, or not long enough.
func (e *Emulator) undeletable(over bool, since time.Time) *restError {
	if over && e.clock.Now().Sub(since) >= e.linger {
		return nil
	}
	return &restError{status: http.StatusConflict, code: 20009, text: notComplete}
}

func (e *Emulator) listMedia(q *restCall) (any, *restError) {
	m, bad := e.pathMessage(q)
	if bad != nil {
		return nil, bad
	}
	kept := slices.DeleteFunc(slices.Clone(m.media), func(x media) bool { return x.gone })
	return page(q, "media_list", kept, func(x media) map[string]any {
		return map[string]any{
			"sid": x.sid, "account_sid": e.account, "parent_sid": m.sid, "content_type": x.kind,
			"date_created": date(m.created), "date_updated": date(m.created), "uri": e.uri("Messages/" + m.sid + "/Media/" + x.sid),
		}
	})
}

// deleteMedia forgets a file. That the message's num_media stays as it was is not
// documented: it tells what came.
func (e *Emulator) deleteMedia(q *restCall) (any, *restError) {
	m, bad := e.pathMessage(q)
	if bad != nil {
		return nil, bad
	}
	i := slices.IndexFunc(m.media, func(x media) bool { return x.sid == q.r.PathValue("media") && !x.gone })
	if i < 0 {
		return nil, notFound(q.r.URL.Path)
	}
	if bad := e.undeletable(m.finished(), m.updated); bad != nil {
		return nil, bad
	}
	m.media[i].gone = true
	return nil, nil
}
