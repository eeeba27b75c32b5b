"""What the user's own account says: exports of Seller Central, from file to rows. See SELLER_CENTRAL.md."""
