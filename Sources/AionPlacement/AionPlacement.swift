// AionPlacement
