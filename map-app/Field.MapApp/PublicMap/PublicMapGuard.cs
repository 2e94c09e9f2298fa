using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.RateLimiting;
using Field.Ingest.Identity;
using Field.MapApp.Access;

namespace Field.MapApp.PublicMap;

/// <summary>What is served to the public: one page, layers of the class <c>public</c> and the base map, to read. Everything else is not there.</summary>
internal sealed class PublicMapGuard : IDisposable
{
    private const string Page = "/public.html";
    private const int MostAtOnce = 16;
    private const int MostWaiting = 256;
    private const int BurstSeconds = 10;
    private static readonly PathString Assets = "/assets";
    private readonly TimeProvider _time;
    private readonly PartitionedRateLimiter<HttpContext> _addresses;
    private readonly ConcurrencyLimiter _answers = new(new() { PermitLimit = MostAtOnce, QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly Meter _meter = new("Field.PublicMap");
    private readonly Counter<long> _requests;

    public PublicMapGuard(UpOptions options, TimeProvider time)
    {
        _time = time;
        int rate = options.PublicMapRate;
        _requests = _meter.CreateCounter<long>("field.public_map.requests", "{request}", "Requests of the public map, by outcome: served, absent, slowed.");
        _addresses = PartitionedRateLimiter.Create<HttpContext, string>(http => rate == 0
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(Network(http.Connection.RemoteIpAddress), _ => new()
            {
                TokenLimit = rate * BurstSeconds,
                TokensPerPeriod = rate,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
    }

    /// <summary>True when the request came over the public map's listener.</summary>
    public static bool IsPublic(HttpContext http) => http.Features.Get<MapListener>()?.IsPublic == true;

    /// <summary>
    /// Answers a request of the public, who is nobody: cookies, tokens and keys are not looked at. Not in the audit log, which strangers could
    /// fill; counted instead.
    /// </summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        http.Features.Set(new Grants(Subject.Nobody, IsInternetFacing: true, _time.GetUtcNow()));
        if (!Serves(http))
        {
            Count("absent");
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using RateLimitLease address = await _addresses.AcquireAsync(http, 1, http.RequestAborted).ConfigureAwait(false);
        using RateLimitLease? answer = address.IsAcquired && http.GetEndpoint() is not null ? await _answers.AcquireAsync(1, http.RequestAborted).ConfigureAwait(false) : null;
        if (!address.IsAcquired || answer?.IsAcquired == false)
        {
            Count("slowed");
            http.Response.StatusCode = address.IsAcquired ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = "1";
            return;
        }

        try
        {
            await next(http).ConfigureAwait(false);
            Count("served");
        }
        catch (AccessException) when (!http.Response.HasStarted)
        {
            Count("absent"); // of another class: the public learns nothing of it, not even that it is there
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _answers.Dispose();
        _meter.Dispose();
    }

    private static bool Serves(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            return false;
        }

        if (http.GetEndpoint() is { } endpoint)
        {
            return endpoint.Metadata.GetMetadata<PublicToo>() is not null;
        }

        if (http.Request.Path == "/")
        {
            http.Request.Path = Page;
        }

        return http.Request.Path == Page || http.Request.Path == "/icon.svg" || http.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal);
    }

    /// <summary>One household has one IPv4 address, or a /64 of IPv6.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = address.GetAddressBytes();
        return Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
    }

    private void Count(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}

/// <summary>A mark of an endpoint: it also answers the public, who sees of its data what is <c>public</c>.</summary>
internal sealed class PublicToo;

/// <summary>For the endpoints.</summary>
internal static class PublicMapRules
{
    public static TBuilder AlsoForThePublic<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new PublicToo());
}
