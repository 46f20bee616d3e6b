// What stands between a process and its system (LD_PRELOAD), and has disk and wall clock fail as it
// is told. It has no interface but the control file (hostile_system.c).
