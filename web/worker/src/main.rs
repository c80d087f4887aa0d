//! The simulation's own thread.

fn main() {
    console_error_panic_hook::set_once();
    keyway_web::worker::begin();
}
