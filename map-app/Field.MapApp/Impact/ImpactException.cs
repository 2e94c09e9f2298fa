namespace Field.MapApp.Impact;

/// <summary>What was given to <c>impact</c> cannot be used; says why and what to do, in both languages. Never holds a resident's data.</summary>
internal sealed class ImpactException(string japanese, string english, Exception? inner = null) : FieldException($"{japanese} / {english}", innerException: inner)
{
    public string Text(bool isJapanese) => isJapanese ? japanese : english;
}

/// <summary>Something that the person should know and that stops nothing.</summary>
internal sealed record ImpactNote(string Ja, string En);
