package carrier

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// Alerts counts what Twilio noted as an error or a warning since a moment, by its
// number. What else an alert says quotes numbers and addresses, and is not read.
// Of more than 2,000 the newest are counted.
// Source: https://www.twilio.com/docs/usage/monitor-alert
func (c *Client) Alerts(ctx context.Context, since time.Time) (map[int]int, error) {
	type alert struct {
		Code  string `json:"error_code"`
		Level string `json:"log_level"`
	}
	type page struct {
		Alerts []alert
		Meta   meta
	}
	codes, read := map[int]int{}, 0
	err := askPages(ctx, c, "list alerts", monitorHost+"/v1/Alerts",
		url.Values{"StartDate": {since.UTC().Format("2006-01-02T15:04:05Z")}}, func(p page) string {
			read++
			for _, a := range p.Alerts {
				if n, err := strconv.Atoi(a.Code); err == nil && (a.Level == "error" || a.Level == "warning") {
					codes[n]++
				}
			}
			if read == mostPages {
				return ""
			}
			return deref(p.Meta.Next)
		})
	return codes, err
}
