package store

import "context"

// openedAtOnce is how many members are read and opened at once.
const openedAtOnce = 500

// everybody has look see all members of a line, some at a time in the order of their
// random ids: what tells whose time has come is sealed. Their numbers and PINs stay
// closed. It locks nothing, and who changes meanwhile is seen as they were or as they
// are. It returns how many profiles do not open, which are passed over.
func (m *Members) everybody(ctx context.Context, line string, look func(opened []*member) error) (closed int, err error) {
	after := firstUUID
	for {
		var rows []memberRow
		if err := m.db.pool.SelectContext(ctx, &rows, `
			SELECT m.line_id, m.member_id, m.profile, m.state, m.expires_on, k.data_key, k.link_secret
			FROM member m
			JOIN keys.member k USING (line_id, member_id)
			WHERE m.line_id = $1 AND m.member_id > $2
			ORDER BY m.member_id
			LIMIT $3`, line, after, openedAtOnce); err != nil {
			return closed, dbError(ctx, err)
		}
		if len(rows) == 0 {
			return closed, nil
		}
		after = rows[len(rows)-1].MemberID
		opened := make([]*member, 0, len(rows))
		for _, r := range rows {
			w, err := m.openProfile(r)
			if err != nil {
				closed++
				continue
			}
			opened = append(opened, w)
		}
		if err := look(opened); err != nil {
			return closed, err
		}
	}
}
