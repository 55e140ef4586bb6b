# A machine that packages come to: nothing but what every machine has.
systemctl enable -q ssh
ufw --force disable
