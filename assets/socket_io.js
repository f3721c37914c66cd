// Socket.IO, in a file of its own for the build: pages load it when they open a socket (dashboard/reflex_adapter/front_end.py).
export { io } from "socket.io-client";
