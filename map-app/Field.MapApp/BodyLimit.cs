using Microsoft.AspNetCore.Http.Metadata;

namespace Field.MapApp;

/// <summary>Of an endpoint whose body does not fit the 64 KiB of other requests: outlines of thousands of points as browsers write them.</summary>
/// <param name="bytes">What is taken instead.</param>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
