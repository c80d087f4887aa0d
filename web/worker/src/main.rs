//! The simulation's own thread.

use gloo::worker::Registrable;

fn main() {
    console_error_panic_hook::set_once();
    keyway_web::worker::SimWorker::registrar().register();
}
