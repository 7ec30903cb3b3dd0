package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/hearthline/hearthline/store"
)

// errPanicked is what is left of a panic: its value may quote a number or the words
// of a text, and is told to nobody.
var errPanicked = errors.New("it panicked")

// rowPanicked, deferred, has a panic over one row end with that row: it becomes to,
// or stays as it is for "". The others, and the calls that this program serves, go
// on.
func (o *Outbox) rowPanicked(ctx context.Context, x store.Outgoing, to store.SendState, err *error) {
	v := recover()
	if v == nil {
		return
	}
	o.Log.ErrorContext(ctx, "ALARM: a row of the outbox panicked: an operator must look", "line", x.Line, "row", x.ID, "at", whereOf(v))
	*err = errPanicked
	if to != "" {
		*err = errors.Join(errPanicked, o.settlePanicked(ctx, x, to))
	}
}

// settlePanicked is settle for a row that may make that panic, too. Then its lease
// runs out.
func (o *Outbox) settlePanicked(ctx context.Context, x store.Outgoing, to store.SendState) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
	}()
	o.numbers.settled(x.Line, to, o.Now())
	return o.settle(ctx, x, store.Settled{To: to, Reason: "panicked"})
}

// workPanicked, deferred, has a panic in a work end with it; it is done again when
// it is due again.
func (o *Outbox) workPanicked(ctx context.Context, work string, err *error) {
	if v := recover(); v != nil {
		o.Log.ErrorContext(ctx, "ALARM: the outbox panicked: an operator must look", "work", work, "at", whereOf(v))
		*err = errPanicked
	}
}

// whereOf returns where a panic began, for who recovers it: a function and a line.
func whereOf(v any) string {
	if p, ok := v.(panicked); ok {
		return p.at
	}
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for begun := false; ; {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			begun = true
		case begun && !strings.HasPrefix(f.Function, "runtime."):
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return ""
		}
	}
}
