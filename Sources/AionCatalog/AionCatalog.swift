// AionCatalog
