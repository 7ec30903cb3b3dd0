package store

// Role is what somebody may do at the desk, in the groups that are theirs. Each may
// do what the one after it may.
type Role string

// The roles of the desk.
const (
	RoleOwner       Role = "owner"       // everything, in every group
	RoleCoordinator Role = "coordinator" // sets groups up and looks after their members
	RoleFacilitator Role = "facilitator" // holds sessions
	RoleViewer      Role = "viewer"      // sees what there is, and nobody in it
)
