"""The page for a region: accounts, roles and seats over a database; `docs/hosted.md` says where what stands."""
