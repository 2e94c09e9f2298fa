using System.Globalization;
using Field.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Ingest.Identity;

/// <summary>
/// What HTTPS offers to other machines: enrolment, renewal and the CA's certificate. Everything else answers 404, whatever the
/// loopback listener has under the same path.
/// </summary>
internal sealed class EnrolmentEndpoints(EnrolmentService enrolment, FailureBackoff backoff, SecurityAudit audit)
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>Answers a request that came over a public listener.</summary>
    public Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return (http.Request.Method, http.Request.Path.Value) switch
        {
            ("GET", EnrolmentRequest.AuthorityPath) => WriteAsync(http, 200, "application/x-pem-file", System.Text.Encoding.ASCII.GetBytes(enrolment.AuthorityPem)),
            ("POST", EnrolmentRequest.EnrolPath) => EnrolAsync(http),
            ("POST", EnrolmentRequest.RenewPath) => RenewAsync(http),
            _ => NotHereAsync(http),
        };
    }

    private static string? From(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    private async Task EnrolAsync(HttpContext http)
    {
        string key = FailureBackoff.Key(http.Connection.RemoteIpAddress);
        if (backoff.Remaining(key) is { Ticks: > 0 } wait)
        {
            audit.Refused("device.enrol", "anonymous", From(http), "code", "still silenced after failures");
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "too many failed attempts; wait").ConfigureAwait(false);
            return;
        }

        EnrolmentResult result = await ReadAsync(http).ConfigureAwait(false) is { } request
            ? await enrolment.EnrolAsync(request, From(http), http.RequestAborted).ConfigureAwait(false)
            : new(null, "not an enrolment request");
        if (result.Answer is null)
        {
            backoff.Failed(key);
            audit.Refused("device.enrol", "anonymous", From(http), "code", result.Refusal!);

            // One answer for wrong, expired, used and unknown codes: which it is, is not for who guesses.
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "the code is not valid").ConfigureAwait(false);
            return;
        }

        backoff.Succeeded(key);
        await WriteAsync(http, 200, Json, result.Answer.Write()).ConfigureAwait(false);
    }

    private async Task RenewAsync(HttpContext http)
    {
        if (http.Features.Get<PublicConnection>()?.Device is not { } device)
        {
            audit.Refused("device.renew", "anonymous", From(http), "certificate", "no certificate shown");
            await RefuseAsync(http, StatusCodes.Status401Unauthorized, "a valid client certificate is needed").ConfigureAwait(false);
            return;
        }

        EnrolmentResult result = await ReadAsync(http).ConfigureAwait(false) is { } request
            ? await enrolment.RenewAsync(device, request, From(http), http.RequestAborted).ConfigureAwait(false)
            : new(null, "not a renewal request");
        if (result.Answer is null)
        {
            audit.Refused("device.renew", device.Name, From(http), "certificate", result.Refusal!);
            await RefuseAsync(http, StatusCodes.Status400BadRequest, result.Refusal!).ConfigureAwait(false);
            return;
        }

        await WriteAsync(http, 200, Json, result.Answer.Write()).ConfigureAwait(false);
    }

    private Task NotHereAsync(HttpContext http)
    {
        audit.Refused("https.request", "anonymous", From(http), http.Request.Method + " " + http.Request.Path.Value, "not offered to other machines");
        return RefuseAsync(http, StatusCodes.Status404NotFound, "not here");
    }

    private static async Task<EnrolmentRequest?> ReadAsync(HttpContext http)
    {
        byte[] body = new byte[EnrolmentRequest.MaxBytes + 1];
        int length = 0;
        try
        {
            int read;
            while (length < body.Length && (read = await http.Request.Body.ReadAsync(body.AsMemory(length), http.RequestAborted).ConfigureAwait(false)) > 0)
            {
                length += read;
            }
        }
        catch (BadHttpRequestException)
        {
            return null; // too large or too slow
        }

        return length <= EnrolmentRequest.MaxBytes ? EnrolmentRequest.Parse(body.AsSpan(0, length)) : null;
    }

    private static Task RefuseAsync(HttpContext http, int status, string why) =>
        WriteAsync(http, status, Json, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["error"] = why }));

    private static Task WriteAsync(HttpContext http, int status, string type, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}

/// <summary>For the host's pipeline.</summary>
public static class EnrolmentHosting
{
    /// <summary>First in the pipeline: what came over a listener for devices never gets further than here.</summary>
    public static void UseDeviceEnrolment(this IApplicationBuilder app)
    {
        EnrolmentEndpoints endpoints = app.ApplicationServices.GetRequiredService<EnrolmentEndpoints>();
        app.Use((context, next) => context.Features.Get<PublicConnection>() is { Map: null } ? endpoints.AnswerAsync(context) : next(context));
    }
}
