// When a page cannot be drawn, something else is: React takes a page that failed off the screen.
import { Component } from "react";

export class CrashBoundary extends Component {
  state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  render() {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
