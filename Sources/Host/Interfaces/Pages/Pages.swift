/// The node's pages for whoever runs it: home, explorer, inspector and the routes of REST, on the operator's port
/// beside the metrics.
///
/// `Web` has them as they are written, plain HTML, CSS and JavaScript; `Generated` has the same as Swift, so that a
/// program that was installed alone has its pages (`make pages` writes it, CI compares). `PagesDoor` answers: the
/// files, what the inspector shows, and below `/rest` what the REST interface answers, so that a page never asks
/// another origin.
///
/// Nothing here knows a key or changes anything. What transactions and contracts say is shown as text and never as
/// markup: the policy that goes out with every page forbids scripts and styles that are not files of this module, and
/// making markup out of text at all.
package enum PagesLimits {
    /// REST answers at work for pages at once, and how many may wait for that.
    static let restRunningMax = 8
    static let restWaitingMax = 32
}
