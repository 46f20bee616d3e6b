// AionNode
