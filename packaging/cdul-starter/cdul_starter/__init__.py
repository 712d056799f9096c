"""The weights of CDUL's starter encoder; see the files beside this one."""
