// AionCluster
