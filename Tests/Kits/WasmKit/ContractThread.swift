import ContractEngine
import Glibc

/// A thread with the stack that contracts need, as the enclave's lanes have.
package enum ContractThread {
    private final class Job {
        var body: () -> Void = {}
    }

    package static func run<Answer, Failure: Error>(_ body: @escaping () throws(Failure) -> Answer) throws(Failure)
        -> Answer
    {
        var answer: Result<Answer, Failure>?
        let job = Job()
        job.body = {
            do throws(Failure) {
                answer = .success(try body())
            } catch {
                answer = .failure(error)
            }
        }
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        pthread_attr_init(attributes)
        pthread_attr_setstacksize(attributes, WasmEngine.stackBytesNeeded)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, attributes,
            { argument in
                Unmanaged<Job>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(job).toOpaque())
        precondition(status == 0)
        pthread_join(thread, nil)
        pthread_attr_destroy(attributes)
        return try answer!.get()
    }
}
