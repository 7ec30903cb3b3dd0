package cluster

import (
	"fmt"
	"maps"
	"slices"
)

// defaults are the settings of a cluster whose data nobody keeps, with a log
// that cannot hold what a statement or its parameters held.
func defaults() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"synchronous_commit": "off",
		"full_page_writes":   "off",

		"log_error_verbosity":               "terse",
		"log_min_error_statement":           "panic",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"log_statement":                     "none",

		"timezone":     "UTC",
		"log_timezone": "UTC",
	}
}

// fixed are the settings on which the package itself relies: it knows that
// Postgres is ready by a line of its log on standard error, in English, and
// that nobody else can connect by the place of its socket.
func fixed(h *home) map[string]string {
	return map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": h.socketDir,
		"unix_socket_permissions": "0700",
		"port":                    port,
		"logging_collector":       "off",
		"log_destination":         "stderr",
		"log_min_messages":        "warning",
		"lc_messages":             "C",
	}
}

// checkSettings refuses settings that would take away what the package relies
// on; to ask for what is so anyway takes nothing away.
func checkSettings(settings map[string]string) error {
	owned := fixed(&home{})
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if value, ok := owned[name]; ok && value != settings[name] {
			return fmt.Errorf("start postgres: the setting %s is the cluster's own: leave it out", name)
		}
	}
	return nil
}

// serverArgs are the arguments of the server, in a stable order.
func serverArgs(h *home, settings map[string]string) []string {
	all := defaults()
	maps.Copy(all, settings)
	maps.Copy(all, fixed(h))
	args := []string{"-D", h.data}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}
