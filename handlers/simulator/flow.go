package simulator

import "context"

// FlowNews is how the flow of the line's folder stands since it was last read.
type FlowNews struct {
	// Words say which flow the phones hear.
	Words string `json:"words"`
	// Problems are why it is not the one that the folder has; none if it is.
	Problems []string `json:"problems"`
}

// follows shows the news of the flow until ctx ends.
func (b *exchangeBoard) follows(ctx context.Context, news <-chan FlowNews) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-news:
			if n.Problems == nil {
				n.Problems = []string{}
			}
			b.mu.Lock()
			b.flow = n
			b.mu.Unlock()
			b.tell()
		}
	}
}
