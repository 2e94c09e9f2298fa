namespace Field.MapApp.Forms;

/// <summary>A form cannot be made.</summary>
internal sealed class FormException(FormFault fault) : FieldException($"{fault.Ja} / {fault.En}")
{
    public FormFault Fault => fault;
}
