namespace Field.Ingest;

/// <summary>Why a request of a person is refused, for people.</summary>
/// <param name="Code">A fixed word, such as <c>unknown-class</c>.</param>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
public record RequestError(string Code, string Ja, string En)
{
    /// <summary>The body is not JSON.</summary>
    public static RequestError NotJson { get; } = new("not-json", "本文が JSON ではありません", "the body is not JSON");

    /// <summary>The body has another type.</summary>
    public static RequestError MediaType { get; } = new("media-type", "本文は application/json で送ってください", "the body must be application/json");
}
