"""What moves a municipality: reasons, will, agenda, adoption, money, hostility, voice, access; one file each."""
